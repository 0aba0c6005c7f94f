"""The film of a training, as the page shows it."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genmodels.config.families import DCGANConfig
from genmodels.runs.store import Store
from genmodels.storage.image_grid import save_grid
from genmodels.ui.components.film_player import Frame
from genmodels.ui.training import timelapse
from tests.support.pages import open_page
from tests.support.pretrained import images, ship
from tests.ui.test_scores import shelf

__all__ = ["shelf"]  # a fixture


@pytest.fixture
def films(monkeypatch: pytest.MonkeyPatch) -> list[list[Frame]]:
    """The frames of each film that a page has shown."""
    shown: list[list[Frame]] = []
    monkeypatch.setattr(timelapse, "film_player", lambda frames, **options: shown.append(list(frames)))
    return shown


def levels(frames: list[Frame]) -> list[int]:
    """How bright each picture is."""
    return [level(Image.open(io.BytesIO(frame.png))) for frame in frames]


def level(frame: Image.Image) -> int:
    return int(np.asarray(frame)[0, 0])


def test_a_pretrained_model_has_its_film_at_once(shelf: Path, films: list[list[Frame]]):
    ship(shelf / "dcgan-mnist", DCGANConfig(), {}, previews=5)
    page = open_page("dcgan", tab="Film")
    assert "Film" not in " ".join(button.label for button in page.button)  # nothing has to be pressed for it
    assert levels(films[0]) == [0, 1, 2, 3, 4]
    assert [frame.label for frame in films[0]] == [f"epoch {epoch}" for epoch in range(5)]
    (download,) = page.get("download_button")
    assert download.proto.label == "Download"


def test_a_run_has_one_too_and_a_single_preview_is_none(shelf: Path, films: list[list[Frame]]):
    store = Store()
    run = store.create(DCGANConfig(epochs=2).model_dump())
    store.update(run.id, state="stopped", step=20, total_steps=20, epoch=2.0)
    pictures = store.folder(run.id) / "pictures"
    save_grid(pictures / "samples-00000000.png", images(0))
    page = open_page("dcgan", tab="Film", run=run.id)
    assert page.info[0].value.startswith("A film needs two previews or more")
    save_grid(pictures / "samples-00000020.png", images(200))
    page.run()
    assert not page.info
    assert levels(films[0]) == [0, 200]


def test_the_file_to_keep_is_made_when_it_is_asked_for(
    shelf: Path, films: list[list[Frame]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(timelapse, "gif", lambda frames, seconds: pytest.fail("made for nobody"))
    ship(shelf / "dcgan-mnist", DCGANConfig(), {}, previews=5)
    assert open_page("dcgan", tab="Film").get("download_button")


def test_each_frame_tells_its_epoch_below_the_picture(tmp_path: Path):
    save_grid(tmp_path / "grey.png", images(7))
    early, late = (timelapse._frame(text, tmp_path / "grey.png") for text in ("epoch 1", "epoch 20"))
    picture, line = np.asarray(early)[: -timelapse.LINE], np.asarray(early)[-timelapse.LINE :]
    assert np.array_equal(picture, np.asarray(late)[: -timelapse.LINE])
    assert set(np.unique(picture)) == {7, 128}
    assert line.max() == 255
    assert not np.array_equal(line, np.asarray(late)[-timelapse.LINE :])


def test_a_colour_film_keeps_its_colours(tmp_path: Path):
    save_grid(tmp_path / "colour.png", np.stack([images(level)[:, 0] for level in (200, 40, 90)], 1))
    frame = timelapse._frame("epoch 1", tmp_path / "colour.png").convert("RGB")
    assert np.abs(np.asarray(frame)[0, 0].astype(int) - (200, 40, 90)).max() <= 4


def test_a_long_training_is_cut_to_a_short_film_with_its_first_and_last_frame(tmp_path: Path):
    files = []
    for index in range(150):
        save_grid(tmp_path / f"{index}.png", images(index))
        files.append((f"epoch {index}", str(tmp_path / f"{index}.png")))
    shown = tuple(timelapse.thinned(files))
    assert levels(timelapse.frames(shown))[-1] == 149
    with Image.open(io.BytesIO(timelapse._make(shown))) as made:
        assert made.n_frames <= timelapse.MOST_FRAMES  # type: ignore[attr-defined]
        assert level(made) == 0
        made.seek(made.n_frames - 1)  # type: ignore[attr-defined]
        assert level(made.convert("L")) == 149
