"""Selected codes, as a table and as images."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from genmodels.export.codes import codes_table, images_zip
from tests.latent.test_codes import some_codes


def test_the_table_has_a_row_for_each_selected_image(tmp_path: Path):
    codes = some_codes(tmp_path)
    clusters, picked = np.arange(len(codes)) % 3, np.array([4, 20])
    table = codes_table(codes, clusters, picked)
    assert list(table) == ["image", "label", "cluster", "reconstruction_error", "z0", "z1", "z2", "z3"]
    assert table["cluster"].tolist() == [1, 2]
    assert codes.labels is not None
    assert table["label"].tolist() == [codes.classes[label] for label in codes.labels[picked]]
    assert np.array_equal(table[["z0", "z1", "z2", "z3"]], codes.mu[picked])
    assert "label" not in codes_table(replace(codes, labels=None), clusters, picked)


def test_the_zip_has_the_images_and_no_path_of_a_class_name(tmp_path: Path):
    codes = some_codes(tmp_path)
    codes = replace(codes, classes=tuple(f"../{name}" for name in codes.classes))
    with zipfile.ZipFile(io.BytesIO(images_zip(codes, np.array([3, 11])))) as file:
        names = file.namelist()
        assert [name[:5] for name in names] == ["00003", "00011"]
        assert not any("/" in name or ".." in name for name in names)
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(file.read(names[1])))), codes.images[11, 0])
