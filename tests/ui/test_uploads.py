"""What visitors upload: what a server's limits say of it, and that it is not kept in memory for longer than it is needed."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from genmodels.data.image_file import fit
from genmodels.runs.store import Store
from tests.support.archives import a_run, zipped
from tests.support.latent_space import group
from tests.support.pages import open_page


def draw(dataset: str, channels: int) -> None:
    from unittest.mock import MagicMock

    import numpy as np

    from genmodels.latent.codes import Codes
    from genmodels.ui.vae.own_image import own_image

    images, code = np.zeros((1, channels, 28, 28), np.uint8), np.zeros((1, 2))
    codes = MagicMock(Codes, images=images, reconstructions=images, mu=code, logvar=code, kl=code[0])
    own_image(MagicMock(config={"dataset": dataset}), codes)


def opened(dataset: str = "mnist-sample", channels: int = 1) -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60, args=(dataset, channels)).run()
    assert not page.exception
    return page


@pytest.fixture
def managers(monkeypatch: pytest.MonkeyPatch) -> list[MemoryUploadedFileManager]:
    """Those that a file was given to."""
    known: list[MemoryUploadedFileManager] = []
    add = MemoryUploadedFileManager.add_file

    def add_and_note(self: MemoryUploadedFileManager, session_id: str, file: Any) -> None:
        known.append(self)
        add(self, session_id, file)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", add_and_note)
    return known


def held(managers: list[MemoryUploadedFileManager]) -> int:
    """Bytes that they keep of all files."""
    assert managers
    return sum(
        len(file.data) for manager in managers for files in manager.file_storage.values() for file in files.values()
    )


def test_an_upload_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_MEGABYTES", "0.001")
    page = opened()
    group(page, "How").set_value("Upload").run()
    page.file_uploader[0].set_value(("digit.png", bytes(2000), "image/png")).run()
    assert [error.value for error in page.error] == [
        "This server takes at most 0.001 MB of your own images: choose fewer or smaller ones."
    ]


def test_a_digit_is_no_large_file(managers: list[MemoryUploadedFileManager]):
    page = opened()
    group(page, "How").set_value("Upload").run()
    assert page.file_uploader[0].proto.max_upload_size_mb == 10
    page.file_uploader[0].set_value(("digit.png", bytes(11 * 2**20), "image/png")).run()
    assert [error.value for error in page.error] == ["A picture of a digit takes at most 10 MB: choose a smaller one."]
    assert held(managers) == 0


@pytest.mark.parametrize("length", [None, 1000], ids=["whole", "cut short"])
def test_a_zip_is_not_kept_in_memory(tmp_path: Path, managers: list[MemoryUploadedFileManager], length: int | None):
    elsewhere = Store(tmp_path / "elsewhere")
    data = zipped(elsewhere, a_run(elsewhere))[:length]
    page = open_page("runs")
    page.file_uploader[0].upload("run.zip", data, "application/zip").run()
    assert len(Store().runs()) == (1 if length is None else 0)
    assert held(managers) == 0


def test_where_own_images_are_off_nothing_is_uploaded(monkeypatch: pytest.MonkeyPatch):
    assert group(opened(), "How").options == ["Draw", "Upload"]
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    assert group(opened(), "How").options == ["Draw"]


def test_a_picture_is_prepared_as_the_runs_own_images_are(monkeypatch: pytest.MonkeyPatch):
    """A red heart on white stays what it is for a model of colour images, and becomes chalk on black for one of digits."""
    seen: list[np.ndarray] = []

    def encode(entry: Any, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.append(images[0])
        return np.zeros((1, 2)), np.zeros((1, 2))

    monkeypatch.setattr("genmodels.ui.models.loading.encode", encode)
    monkeypatch.setattr(
        "genmodels.ui.models.loading.generate", lambda entry, z: np.zeros((1, *seen[-1].shape), np.uint8)
    )
    heart = Image.new("RGB", (60, 40), "white")
    heart.paste((220, 20, 60), (20, 10, 40, 30))
    png = io.BytesIO()
    heart.save(png, "png")
    for dataset, channels in (("folder", 3), ("mnist-sample", 1)):
        page = opened(dataset, channels)
        group(page, "How").set_value("Upload").run()
        page.file_uploader[0].set_value(("heart.png", png.getvalue(), "image/png")).run()
        assert not page.exception
    assert np.array_equal(seen[0], fit(heart, 28, 3))
    assert seen[0][:, 0, 0].tolist() == [255, 255, 255]
    assert seen[1][0, 0, 0] == 0
    assert seen[1].max() == 255


def test_only_a_model_of_digits_asks_for_digits():
    assert [title.value for title in opened().subheader] == ["Your own digit"]
    assert [title.value for title in opened("folder", 3).subheader] == ["Your own image"]
