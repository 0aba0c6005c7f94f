"""The map of the latent space through training, on the page of the VAE: which moments it has, and what it says where there are none."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import code_history
from genmodels.latent.codes import Codes
from genmodels.latent.pca import principal_plane
from genmodels.storage.background import Progress
from genmodels.storage.image_grid import save_grid
from genmodels.ui.training.run_panel import TICK as LIVE
from genmodels.ui.vae import through_training
from tests.support.latent_space import MODEL, Drawn, choose, codes, drawn, encoded, group, latent_space
from tests.support.pages import texts
from tests.support.pretrained import images
from tests.ui.test_computed_maps import FakeMap
from tests.ui.test_scores import shelf

__all__ = ["codes", "drawn", "encoded", "shelf"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_network")
STEPS = (0, 11_700, 23_400)


@pytest.fixture
def film(monkeypatch: pytest.MonkeyPatch, drawn: Drawn) -> dict[str, Any]:
    """What is drawn beside each other: the options of the film, and as ``map`` those of the map."""
    shown: dict[str, Any] = {}
    monkeypatch.setattr(
        through_training, "latent_map", lambda points, **options: shown.update(map={"points": points} | options)
    )
    monkeypatch.setattr(
        through_training, "film_player", lambda frames, **options: shown.update(options, frames=list(frames))
    )
    return shown


@pytest.fixture
def model(shelf: Path) -> Path:
    """A pretrained VAE that has samples of three moments, and has kept no codes yet."""
    folder = shutil.copytree(MODEL, shelf / MODEL.name)
    for step in STEPS:
        save_grid(folder / "pictures" / f"samples-{step:08d}.png", images(0))
    return folder


def throughout() -> AppTest:
    return choose(latent_space(), "Map", "Through training")


def test_a_model_that_kept_no_codes_says_so_in_one_sentence(film: dict[str, Any]):
    page = throughout()
    assert [info.value for info in page.info] == [
        "vae-mnist has kept no codes while it trained: choose a VAE that was trained with *Codes at previews*, or train one."
    ]
    assert not film
    assert "Clusters" in [heading.value for heading in page.subheader]


def test_map_and_samples_are_of_the_same_moments_on_one_plane(model: Path, codes: Codes, film: dict[str, Any]):
    mu = codes.mu[:1000]
    for step, scale in ((STEPS[1], 0.5), (STEPS[2] - 1, 9.0), (STEPS[2], 1.0)):  # of the second there is no picture
        code_history.save(model, step, scale * mu)
    page = throughout()
    assert not page.info
    points = film["map"]["points"]
    assert points.shape == (2, 1000, 2)
    assert np.allclose(points[1] - points[1].mean(0), 2 * (points[0] - points[0].mean(0)), atol=0.02)
    spread = principal_plane(mu).project(mu).var(0).sum()
    assert points[1].var(0).sum() == pytest.approx(spread, rel=0.02)
    assert np.array_equal(film["map"]["kind_of"], codes.labels[:1000])  # type: ignore[index]
    assert film["map"]["follows"] == film["film"]
    assert len(film["frames"]) == len(film["at"]) == 2
    assert film["frames"][-1].label == f"epoch {round(film['at'][-1], 1):g}"
    assert "1,000 test images at 2 moments" in texts(page)
    assert "Measured on 1,000 test images" in texts(page)
    assert "Overlay" not in " ".join(toggle.label for toggle in page.toggle), "of what moves there is no overlay"


def test_a_run_under_way_shows_each_new_moment_by_itself(
    model: Path, codes: Codes, film: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    paces: list[float | None] = []
    monkeypatch.setattr(through_training, "_trains", lambda entry: True)

    def at_a_pace(draw: Callable[..., Any], pace: float | None) -> Callable[..., Any]:
        paces.append(pace)
        return draw

    monkeypatch.setattr(through_training, "refresh_every", at_a_pace)
    for step in STEPS[:2]:
        code_history.save(model, step, codes.mu[:1000])
    page = throughout()
    assert (paces[-1], film["map"]["points"].shape[0]) == (LIVE, 2)
    assert group(page, "Plane").disabled, "t-SNE would begin anew at every moment"
    token = film["map"]["token"]
    code_history.save(model, STEPS[2], codes.mu[:1000])
    page.run()
    assert film["map"]["points"].shape[0] == 3
    assert film["map"]["token"] == token, "zoom and selection would be lost"


def test_tsne_of_all_moments_is_begun_watched_and_drawn(
    model: Path, codes: Codes, film: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    for step in STEPS:
        code_history.save(model, step, codes.mu[:1000])
    moments = np.random.default_rng(0).normal(size=(3, 1000, 2)).astype(np.float32)
    fake = FakeMap.install(monkeypatch, Progress("missing"), Progress("running", moments.reshape(-1, 2), 0.3))
    page = choose(throughout(), "Plane", "t-SNE")
    assert fake.started == 1
    plane = film["map"]["points"]
    assert not np.array_equal(plane, moments), "what is not there yet is drawn"
    fake.looks = [Progress("done", moments.reshape(-1, 2), 1.0)]
    page.run()
    assert np.array_equal(film["map"]["points"], moments)
    assert "each on a map of its own" in texts(page)


def test_codes_of_other_images_are_not_drawn(model: Path, film: dict[str, Any]):
    for step in STEPS:
        code_history.save(model, step, np.zeros((7, 16)))
    page = throughout()
    assert "of other images than there are now: train the run again" in page.error[0].value
    assert not film


def test_one_moment_is_no_training(model: Path, codes: Codes, film: dict[str, Any]):
    code_history.save(model, STEPS[0], codes.mu[:1000])
    assert "needs the codes of two previews or more" in throughout().info[0].value
