"""Maps of the latent space that take a while, on the page of the VAE: begun, watched, cancelled, and what may go wrong."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.jobs.policy import PolicyError, Visitor
from genmodels.latent import codes as latent_codes
from genmodels.latent.maps import Embedding, Map
from genmodels.latent.tsne import TSNE
from genmodels.storage.background import Progress
from genmodels.ui.access import commands
from tests.support.latent_space import MODEL, Drawn, choose, codes, drawn, encoded, latent_space
from tests.support.pages import press, texts

__all__ = ["codes", "drawn", "encoded"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_network")


class FakeMap:
    """Steps through given states of a computation; counts how often it was begun."""

    looks: list[Progress]
    started = cancelled = 0

    @classmethod
    def install(cls, monkeypatch: pytest.MonkeyPatch, *looks: Progress) -> type["FakeMap"]:
        cls.looks, cls.started, cls.cancelled = list(looks), 0, 0
        monkeypatch.setattr(Embedding, "look", lambda self: cls.looks[min(cls.started, len(cls.looks) - 1)])
        monkeypatch.setattr(Embedding, "start", cls.start)
        monkeypatch.setattr(Embedding, "cancel", lambda self: setattr(cls, "cancelled", cls.cancelled + 1))
        return cls

    @classmethod
    def start(cls, owner: str = "") -> bool:
        cls.started += 1
        return True


def begun(name: str, drawn: Drawn, monkeypatch: pytest.MonkeyPatch) -> tuple[type[FakeMap], AppTest]:
    """The page once a map is chosen, which is begun by that and shows its points on their way."""
    moving = np.random.default_rng(0).normal(size=(2000, 2)).astype(np.float32)
    fake = FakeMap.install(monkeypatch, Progress("missing"), Progress("running", moving, 0.3))
    page = choose(latent_space(), "Map", name)
    assert fake.started == 1
    assert np.array_equal(drawn.map["points"], moving)
    return fake, page


def test_tsne_begins_when_it_is_chosen_and_shows_the_points_on_their_way(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    fake, page = begun("t-SNE", drawn, monkeypatch)
    press(page, "Cancel")
    assert fake.cancelled == 1


def test_who_may_not_train_starts_no_map_and_ends_none(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    fake = FakeMap.install(monkeypatch, Progress("missing"))
    page = choose(latent_space(), "Map", "t-SNE")
    assert fake.started == 0
    assert "on this server nobody starts that: see the PCA map" in page.info[0].value
    with monkeypatch.context() as operated:
        operated.setenv("GENMODELS_OPERATOR_PASSWORD", "an operator's secret")
        assert "only those who may train" in latent_space().info[0].value
    fake.looks = [Progress("running", np.zeros((2000, 2)), 0.3)]
    assert "Cancel" not in [button.label for button in page.run().button]
    fake.looks = [Progress("cancelled")]
    assert "Compute it again" not in [button.label for button in page.run().button]
    with pytest.raises(PolicyError):
        commands.compute(TSNE(MODEL))
    with pytest.raises(PolicyError):
        commands.cancel(TSNE(MODEL))


def test_a_map_waits_while_another_one_is_computed(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    FakeMap.install(monkeypatch, Progress("missing"))
    monkeypatch.setattr(Map, "start", lambda self, owner: False)
    page = choose(latent_space(), "Map", "t-SNE")
    assert "this one begins when that is done" in page.info[0].value
    assert len(drawn.map["points"]) == 2000


def test_a_map_is_cancelled_by_whom_it_is_computed_for(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", "boss")
    fake = FakeMap.install(monkeypatch, Progress("running", np.zeros((2000, 2)), 0.3))
    monkeypatch.setattr(Map, "owner", "anna")
    monkeypatch.setattr("genmodels.ui.access.permission.visitor", lambda: Visitor("ben"))
    page = choose(latent_space(), "Map", "t-SNE")
    assert "Cancel" not in [button.label for button in page.button]
    monkeypatch.setattr("genmodels.ui.access.permission.visitor", lambda: Visitor("anna"))
    press(page.run(), "Cancel")
    assert fake.cancelled == 1


def test_a_cancelled_map_is_not_begun_again_by_itself(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    fake = FakeMap.install(monkeypatch, Progress("cancelled"), Progress("running"))
    page = choose(latent_space(), "Map", "t-SNE")
    assert fake.started == 0
    assert "t-SNE was cancelled." in texts(page)
    press(page, "Compute it again")
    assert fake.started == 1


def test_a_failed_map_says_why(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    FakeMap.install(monkeypatch, Progress("failed", error="MemoryError: no room"))
    assert "t-SNE failed: MemoryError: no room" in texts(choose(latent_space(), "Map", "t-SNE"))


def test_few_images_lower_the_perplexity_with_a_notice(
    drawn: Drawn, codes: latent_codes.Codes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "pretrained" / "vae-few"
    shutil.copytree(MODEL, folder)
    (place,) = (folder / "latents").iterdir()
    cut = {
        name: getattr(codes, name)[:20] for name in ("images", "reconstructions", "labels", "mu", "logvar", "errors")
    }
    dataclasses.replace(codes, folder=place, **cut).save()
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder.parent)
    FakeMap.install(monkeypatch, Progress("done", np.zeros((20, 2)), 1.0))
    page = choose(latent_space(), "Map", "t-SNE")
    assert page.info[0].value == "The perplexity is lowered to 6.33, because there are only 20 images."


def test_umap_is_begun_as_tsne_is_by_its_own_settings(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    _, page = begun("UMAP", drawn, monkeypatch)
    page.slider(key="explorer:neighbours").set_value(50).run()
    assert "umap-seed0-neighbours50-distance0.1" in drawn.map["token"]
