"""The latent space of the pretrained VAE on its page, and what is drawn there."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.inference.load import load_model
from genmodels.latent import codes as latent_codes
from genmodels.latent.encode import encode
from genmodels.storage.paths import PRETRAINED
from tests.support.pages import open_page

MODEL = PRETRAINED / "vae-mnist"


@pytest.fixture(scope="session")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the codes of its test images, which take a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENMODELS_HOME", str(tmp_path_factory.mktemp("encoded")))
        return encode(load_model("vae-mnist"), "test", latent_codes.STORED_IMAGES).folder / latent_codes.FILE


@pytest.fixture
def codes(encoded: Path, home: Path) -> latent_codes.Codes:
    """They, as the page has them after its first visit."""
    folder = latent_codes.folder_of(MODEL, int(encoded.parent.name.split("-")[1]), "test", latent_codes.STORED_IMAGES)
    shutil.copyfile(encoded, folder / latent_codes.FILE)
    loaded = latent_codes.load(folder)
    assert loaded is not None
    return loaded


class Drawn:
    """What a page has drawn, and what is selected on its map."""

    def __init__(self) -> None:
        self.strips: dict[str, np.ndarray] = {}
        self.map: dict[str, Any] = {}
        self.selected: tuple[int, ...] = ()
        self.pad: np.ndarray | None = None
        self.pressed: int | None = None

    def strip(self, images: np.ndarray, alt: str, **options: Any) -> None:
        self.strips[alt] = images

    def clickable_grid(self, images: np.ndarray, columns: int, alt: str, **options: Any) -> int | None:
        self.strips[alt] = images
        pressed, self.pressed = self.pressed, None
        return pressed

    def latent_map(self, points: np.ndarray, kinds: Any = (), **options: Any) -> tuple[int, ...]:
        self.map = {"points": points, "kinds": kinds} | options
        return self.selected


@pytest.fixture
def drawn(codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch) -> Drawn:
    drawn = Drawn()
    for module in ("vae.selection", "vae.selected", "vae.clusters", "vae.decoder", "vae.own_image", "vae.prior"):
        monkeypatch.setattr(f"genmodels.ui.{module}.strip", drawn.strip)
    monkeypatch.setattr("genmodels.ui.vae.latent_space.latent_map", drawn.latent_map)
    monkeypatch.setattr("genmodels.ui.vae.decoder.clickable_grid", drawn.clickable_grid)
    monkeypatch.setattr("genmodels.ui.vae.own_image.draw_pad", lambda key: drawn.pad)
    return drawn


def latent_space(**query: str) -> AppTest:
    return open_page("vae", tab="Latent space", **query)


def decoder() -> AppTest:
    return open_page("vae", tab="Decoder")


def group(page: AppTest, label: str) -> Any:
    """A row of buttons of which one is chosen."""
    groups: Any = page.get("button_group")
    return next(group for group in groups if group.label == label)


def choose(page: AppTest, label: str, value: str) -> AppTest:
    group(page, label).set_value(value)
    page.run()
    assert not page.exception
    return page


def scores(page: AppTest) -> dict[str, float]:
    return {metric.label: float(metric.value) for metric in page.metric}
