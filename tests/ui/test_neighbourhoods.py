"""Clusters of neighbourhoods, on the page of the VAE."""

import numpy as np
import pytest

from genmodels.latent import codes as latent_codes
from genmodels.latent.maps import Map
from genmodels.latent.neighbourhoods import Neighbourhoods
from genmodels.latent.partition import METHODS
from genmodels.storage.background import Progress
from tests.support.latent_space import MODEL, Drawn, choose, codes, drawn, encoded, latent_space, scores
from tests.support.pages import press, texts
from tests.ui.test_computed_maps import FakeMap

__all__ = ["codes", "drawn", "encoded"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_network")


def keep_neighbourhoods(codes: latent_codes.Codes, seed: int = 0, wrong: int = 0) -> None:
    """A map on which all images of a label are together, but ``wrong`` of them, in the place where the page looks for it."""
    folder = latent_codes.folder_of(MODEL, 23_400, "test", 2000)
    assert codes.labels is not None
    labels = codes.labels.copy()
    labels[:wrong] = (labels[:wrong] + 1) % 10
    points = 10 * np.eye(10)[labels] + np.random.default_rng(seed).normal(scale=0.1, size=(2000, 10))
    Neighbourhoods(folder, seed)._write("map.npy", points)


def test_clusters_of_neighbourhoods_find_what_those_of_codes_do_not(drawn: Drawn, codes: latent_codes.Codes):
    page = latent_space()
    keep_neighbourhoods(codes)
    assert scores(page)["ACC"] < 0.9
    for by in METHODS:
        choose(choose(page, "What is clustered", "neighbourhoods"), "Method", by)
        assert scores(page)["ACC"] == 1, by
    assert "Measured on 2,000 test images" in " ".join(caption.value for caption in page.caption)
    assert not [slider for slider in page.slider if slider.label == "Clusters (k)"], "HDBSCAN finds how many there are"


def test_the_codes_are_clustered_until_their_neighbourhoods_are_known(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    fake = FakeMap.install(monkeypatch, Progress("missing"), Progress("running", None, 0.0))
    page = latent_space()
    before = scores(page)
    page = choose(page, "What is clustered", "neighbourhoods")
    assert fake.started == 1
    assert scores(page) == before
    press(page, "Cancel")
    assert fake.cancelled == 1


def test_who_may_not_train_has_no_neighbourhoods_computed(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    fake = FakeMap.install(monkeypatch, Progress("missing"))
    page = choose(latent_space(), "What is clustered", "neighbourhoods")
    assert fake.started == 0
    sentence = "This map has not been computed, and on this server nobody starts that: these are clusters of the codes."
    assert [info.value for info in page.info if "clusters" in info.value] == [sentence]
    assert not any("until" in caption.value for caption in page.caption), "they will never be known"


def test_the_accuracy_is_told_over_seeds_of_the_map(drawn: Drawn, codes: latent_codes.Codes):
    page = latent_space()
    for seed, wrong in enumerate((0, 20, 40, 60, 80)):
        keep_neighbourhoods(codes, seed, wrong)
    page = choose(page, "What is clustered", "neighbourhoods")
    press(page, "5 seeds")
    assert "median **98.0%**, from 96.0% to 100.0%" in texts(page)


def test_seeds_are_mapped_one_after_the_other(drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch):
    page = latent_space()
    for seed in (0, 2):
        keep_neighbourhoods(codes, seed)
    begun: list[float] = []

    def start(self: Map, owner: str) -> bool:
        begun.append(self.settings["seed"])
        return len(begun) == 1

    monkeypatch.setattr(Map, "start", start)
    press(choose(page, "What is clustered", "neighbourhoods"), "5 seeds")
    assert begun[0] == 1
    assert set(begun) == {1}, "the third seed begins when the second is done"


def test_how_many_clusters_there_are_is_suggested_without_labels(drawn: Drawn, codes: latent_codes.Codes):
    page = latent_space()
    keep_neighbourhoods(codes)
    page = choose(page, "What is clustered", "neighbourhoods")
    page.slider(key="explorer:k:10").set_value(4).run()
    press(page, "Try all numbers")
    assert "highest at k = 10. HDBSCAN, which is told no number, finds 10." in texts(page) + str(page.caption)
    press(page, "Take k = 10")
    assert scores(page)["ACC"] == 1
