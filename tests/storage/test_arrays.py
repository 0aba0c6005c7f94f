"""Files of arrays: what was saved is loaded, and of what a stranger has made nothing that a page could stumble over."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genmodels.storage import arrays
from genmodels.storage.arrays import IMAGES, Form

FORMS = {"images": IMAGES, "mu": Form(np.float32, "ND")}
SIZES = {"C": 1, "H": 4, "W": 4, "D": 3}
GOOD: dict[str, Any] = {
    "images": np.zeros((5, 1, 4, 4), np.uint8),
    "mu": np.ones((5, 3), np.float32),
    "labels": np.array([0, 1, 1, 0, 1]),
    "classes": np.array(["a", "b"]),
}


def written(path: Path, **others: Any) -> Path:
    """A file of good arrays, but for the ``others``."""
    np.savez_compressed(path, **{name: array for name, array in (GOOD | others).items() if array is not None})
    return path


def test_what_fits_is_loaded(tmp_path: Path):
    found = arrays.load(written(tmp_path / "good.npz"), FORMS, **SIZES)
    assert found is not None
    assert {name: array.shape for name, array in found[0].items()} == {"images": (5, 1, 4, 4), "mu": (5, 3)}
    assert found[2] == ("a", "b")
    unlabelled = arrays.load(written(tmp_path / "plain.npz", labels=None, classes=np.array([], str)), FORMS, **SIZES)
    assert unlabelled is not None
    assert unlabelled[1:] == (None, ())


UNFITTING: dict[str, dict[str, Any]] = {
    "labels beyond the classes": {"labels": np.array([0, 1, 2, 0, 1])},
    "negative labels": {"labels": np.array([0, -1, 1, 0, 1])},
    "labels that are no integers": {"labels": np.zeros(5)},
    "labels of fewer images": {"labels": np.zeros(4, np.int64)},
    "labels in rows": {"labels": np.zeros((5, 1), np.int64)},
    "classes that are numbers": {"classes": np.arange(2)},
    "one class without a list": {"classes": np.array("a")},
    "a class of a long name": {"classes": np.array(["a", "b" * 256])},
    "images of floats": {"images": np.zeros((5, 1, 4, 4))},
    "images of another size": {"images": np.zeros((5, 1, 4, 5), np.uint8)},
    "images of other channels": {"images": np.zeros((5, 2, 4, 4), np.uint8)},
    "images without channels": {"images": np.zeros((5, 4, 4), np.uint8)},
    "codes of another length": {"mu": np.ones((5, 4), np.float32)},
    "codes of other images": {"mu": np.ones((6, 3), np.float32)},
    "codes that are not finite": {"mu": np.full((5, 3), np.nan, np.float32)},
    "codes beyond all bounds": {"mu": np.full((5, 3), 1e30, np.float32)},
    "codes in another order of bytes": {"mu": np.ones((5, 3), ">f4")},
    "nothing": {"images": GOOD["images"][:0], "mu": GOOD["mu"][:0], "labels": GOOD["labels"][:0]},
    "no codes": {"mu": None},
    "no classes": {"classes": None},
}


@pytest.mark.parametrize("others", UNFITTING.values(), ids=UNFITTING)
def test_what_does_not_fit_counts_as_none(tmp_path: Path, others: dict[str, Any]):
    assert arrays.load(written(tmp_path / "bad.npz", **others), FORMS, **SIZES) is None


def test_what_would_fill_the_memory_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrays, "MOST_BYTES", 10_000)
    monkeypatch.setattr(np.lib.format, "read_array", lambda *arguments, **options: pytest.fail("it was unpacked"))
    file = written(tmp_path / "large.npz", images=np.zeros((1000, 1, 4, 4), np.uint8))
    assert arrays.load(file, FORMS, **SIZES) is None


def test_a_file_of_another_kind_counts_as_none(tmp_path: Path):
    np.save(tmp_path / "one.npy", GOOD["mu"])
    (tmp_path / "one.npy").rename(tmp_path / "one.npz")
    with zipfile.ZipFile(tmp_path / "text.npz", "w") as file:
        file.writestr("mu.npy", "\x93NUMPY\x01\x00" + "x" * 200)
    for name in ("one.npz", "text.npz", "nothing.npz", "."):
        assert arrays.load(tmp_path / name, FORMS, **SIZES) is None


POINTS = Form(np.float32, "NP")


def test_a_single_array_is_loaded_where_it_fits(tmp_path: Path):
    np.save(tmp_path / "good.npy", GOOD["mu"])
    np.save(tmp_path / "double.npy", GOOD["mu"].astype(float))
    (tmp_path / "cut.npy").write_bytes((tmp_path / "good.npy").read_bytes()[:-4])
    found = arrays.load_one(tmp_path / "good.npy", POINTS, N=5, P=3)
    assert np.array_equal(found, GOOD["mu"])  # type: ignore[arg-type]
    assert arrays.load_one(tmp_path / "good.npy", POINTS, N=4, P=3) is None
    for name in ("double.npy", "cut.npy", "nothing.npy", str(written(tmp_path / "several.npz"))):
        assert arrays.load_one(tmp_path / name, POINTS, N=5, P=3) is None
