"""A visitor's own images in the form: nothing is called wrong before it was said, and a look shows what will be trained on."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genmodels.config.families import VAEConfig
from genmodels.data.image_file import fit
from genmodels.jobs.policy import PolicyError
from genmodels.ui.access import commands
from tests.support.archives import rezipped
from tests.support.helpers import drawn_strips, marked
from tests.support.pages import choose_folder, open_page, press, started, texts

__all__ = ["started"]  # a fixture


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    return drawn_strips(monkeypatch, "training.own_images")


@pytest.fixture
def emojis(tmp_path: Path) -> Path:
    """40 colour images of 64 pixels, in two folders."""
    folder = tmp_path / "emojis"
    for index in range(40):
        path = folder / ("faces" if index % 2 else "hands") / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        marked(Image.new("RGB", (64, 64), (255, 200, 5 * index))).save(path)
    return folder


def chosen_folder() -> AppTest:
    page = open_page("vae")
    page.selectbox(key="vae.dataset").set_value("folder")
    return page.run()


def test_nothing_is_wrong_before_anything_was_typed(started: list[VAEConfig]):
    page = chosen_folder()
    assert not page.error
    assert ":red" not in texts(page)
    assert next(button for button in page.button if button.label == "Start training").disabled


def test_what_suits_the_images_is_set_with_one_press_and_seen(
    emojis: Path, strips: dict[str, np.ndarray], started: list[VAEConfig]
):
    page = choose_folder(emojis)
    assert "In colour: 40." in page.success[0].value
    (grey,) = strips.values()
    assert grey.shape == (32, 1, 28, 28)
    strips.clear()
    press(page, "Use 64 × 64 pixels, in colour")
    (alt, colour), *_ = strips.items()
    assert alt == "Images as they will be trained on, 64 × 64 pixels, in colour"
    with Image.open(sorted(emojis.rglob("*.png"))[0]) as first:
        assert np.array_equal(colour[0], fit(first, 64, 3))
    assert "Use 64 × 64 pixels, in colour" not in [button.label for button in page.button]
    press(page, "Start training")
    assert [(config.image_size, config.channels) for config in started] == [(64, 3)]


def test_small_grey_images_suggest_what_the_form_says_already(tmp_path: Path, strips: dict[str, np.ndarray]):
    for index in range(4):
        marked(Image.new("L", (20, 30), 50 * index)).save(tmp_path / f"{index}.png")
    page = choose_folder(tmp_path)
    assert not [button for button in page.button if button.label.startswith("Use ")]
    assert next(iter(strips.values())).shape == (4, 1, 28, 28)


def test_another_choice_of_class_folders_is_seen_at_once(emojis: Path, strips: dict[str, np.ndarray]):
    marked(Image.new("L", (64, 64))).save(emojis / "beside.png")
    page = choose_folder(emojis)
    assert "41 images, without labels." in page.success[0].value
    assert "so none has a label: set the class folders to outermost" in page.success[0].value
    page.selectbox(key="vae.class_folders").set_value("outermost").run()
    assert "in 2 classes (faces, hands)." in page.success[0].value
    assert "are left out (1)." in page.success[0].value


def test_another_folder_has_to_be_looked_into_anew(emojis: Path):
    page = choose_folder(emojis)
    page.text_input(key="vae.folder").set_value(str(emojis / "faces")).run()
    assert not page.success


def upload(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader(key="own-images:zip").set_value((name, data, "application/zip")).run()
    assert not page.exception
    return page


def test_a_zip_becomes_the_folder_and_is_looked_into(emojis: Path, started: list[VAEConfig]):
    zipped = rezipped({path.relative_to(emojis.parent).as_posix(): path.read_bytes() for path in emojis.rglob("*.png")})
    page = upload(chosen_folder(), "emojis.zip", zipped)
    assert "40 images in 2 classes (faces, hands)." in page.success[0].value
    folder = page.text_input(key="vae.folder").value
    press(page, "Start training")
    assert [config.folder for config in started] == [folder]
    assert len(list(Path(str(folder)).rglob("*.png"))) == 40


def test_a_zip_that_will_not_do_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    (error,) = upload(chosen_folder(), "notes.zip", rezipped({"notes.txt": b"mine"})).error
    assert error.value == "notes.zip: This zip holds no images: make a zip of the images anew, and upload that."
    monkeypatch.setenv("GENMODELS_MOST_FILES", "2")
    (error,) = upload(chosen_folder(), "few.zip", rezipped({f"{n}.png": b"x" for n in range(3)})).error
    assert error.value == "few.zip: This server takes at most 2 images of your own: choose fewer."


def test_who_may_not_train_uploads_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    assert not chosen_folder().file_uploader
    with pytest.raises(PolicyError):
        commands.upload_images(io.BytesIO(rezipped({"1.png": b"x"})))
