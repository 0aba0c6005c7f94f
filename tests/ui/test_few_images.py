"""Models of a handful of images: every tab draws what it can with 1, 2 or 3 test images, and says so where there are none. And
models of images of very many classes."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import checkpoint, test_images
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import NEWEST
from genmodels.config.base import RunConfig
from genmodels.config.families import CGANConfig, DCGANConfig, InfoGANConfig
from genmodels.data.dataset import Dataset
from genmodels.data.load import load_for
from genmodels.latent import codes as latent_codes
from genmodels.models import build
from genmodels.runs.store import Run, Store
from genmodels.training import offline_view
from tests.support.latent_space import choose, group
from tests.support.pages import open_page, press, texts
from tests.support.training import tiny

VAE = tiny(latent_dim=3)
DCGAN = DCGANConfig(width=4, latent_dim=2, device="cpu")
INFOGAN = InfoGANConfig(width=4, latent_dim=2, device="cpu")
COMPLETING = CGANConfig(condition="picture", width=4, latent_dim=2, device="cpu")
FEW = (1, 2, 3)


@pytest.fixture(autouse=True)
def nothing_pretrained(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path)


def untrained(config: RunConfig, n: int, labels: bool = True, test: Dataset | None = None) -> Run:
    """A run that has ended and keeps ``n`` test images, or their codes."""
    torch.manual_seed(0)
    store, family, test = Store(), build(config, 10), test or load_for(config, "test")
    run = store.create(config.model_dump())
    folder = store.folder(run.id)
    checkpoint.save(folder / NEWEST, Checkpoint(1, family.tensors(), {}, {"classes": test.classes}))
    kept = test.labels[: max(n, 1)] if labels and test.labels is not None else None
    offline_view.keep(family, replace(test, images=test.images[: max(n, 1)], labels=kept), folder, 1)
    if not n and family.encodes:
        place = latent_codes.folder_of(folder, 1, "test", latent_codes.STORED_IMAGES)
        codes = latent_codes.load(place)
        assert codes is not None
        codes.first(0, place).save()
    elif not n:
        test_images.save(folder, test_images.Images(test.images[:0].numpy(), None, test.classes))
    store.update(run.id, state="finished", step=1, total_steps=1, epoch=1.0)
    return run


def open_tab(page: str, tab: str, run: Run) -> AppTest:
    return open_page(page, tab=tab, run=run.id)


def said(page: AppTest) -> str:
    assert not page.exception
    return " ".join(error.value for error in page.error)


@pytest.mark.parametrize("labels", [True, False], ids=["labels", "no labels"])
@pytest.mark.parametrize("n", FEW)
def test_the_latent_space_of_a_vae(n: int, labels: bool):
    page = open_tab("vae", "Latent space", untrained(VAE, n, labels))
    assert not said(page)
    assert "nan" not in texts(page)
    assert not said(choose(page, "Map", "t-SNE"))
    assert not said(press(choose(page, "Map", "PCA"), "Try all numbers"))
    assert ("1 image." in texts(page)) == (n == 1)
    assert "1 images" not in texts(page)
    assert ("of the variance of their codes" in texts(page)) == (n > 1)
    assert ("Labels are used for these scores alone" in texts(page)) == labels
    assert "silhouette" not in [metric.label for metric in page.metric], "of so few, chance would decide"


@pytest.mark.parametrize("n", FEW)
def test_the_decoder_of_a_vae(n: int):
    page = open_tab("vae", "Decoder", untrained(VAE, n))
    assert not said(page)
    assert not said(choose(page, "Axes", "two principal axes"))


@pytest.mark.parametrize("n", FEW)
def test_a_vae_vs_a_gan(n: int):
    vae, _ = untrained(VAE, n), untrained(DCGAN, n)
    page = open_tab("vae", "VAE vs. GAN", vae)
    assert not said(page)
    assert ("needs two test images" in " ".join(info.value for info in page.info)) == (n == 1)


@pytest.mark.parametrize("n", FEW)
def test_the_tabs_of_a_dcgan(n: int):
    run = untrained(DCGAN, n)
    inside = open_tab("dcgan", "Inside the network", run)
    choose(inside, "Network", "Discriminator")
    inside.segmented_control(key="inside:kind").set_value("real").run()
    assert not said(inside)
    noise = open_tab("dcgan", "Latent space", run)
    noise.toggle(key="nearest:wanted").set_value(True).run()
    assert not said(noise)


@pytest.mark.parametrize("n", FEW)
def test_the_tabs_of_the_conditional_page(n: int):
    assert not said(open_tab("conditional", "What the codes mean", untrained(INFOGAN, n)))
    assert not said(open_tab("conditional", "Codes", untrained(INFOGAN, n)))
    page = open_tab("conditional", "Complete the picture", untrained(COMPLETING, n))
    assert not said(press(page, "Next"))


@pytest.mark.parametrize("tab", ["Latent space", "Decoder"])
def test_codes_of_no_images_are_made_anew_from_the_data(tab: str):
    assert not said(open_tab("vae", tab, untrained(VAE, 0)))


@pytest.mark.parametrize("tab", ["What the codes mean", "Complete the picture"])
def test_test_images_that_a_run_lacks_come_from_its_data(tab: str):
    config = INFOGAN if tab.startswith("What") else COMPLETING
    assert not said(open_tab("conditional", tab, untrained(config, 0)))


def test_what_was_chosen_among_many_is_lowered_where_there_are_few():
    """The widgets keep their values from model to model."""
    many, few = untrained(VAE, 30), untrained(VAE, 3)
    page = open_tab("vae", "Decoder", many)
    page.number_input(key="decoder:image").set_value(29)
    page.number_input(key="decoder:To image").set_value(20)
    assert not said(page.run())
    page.query_params["run"] = few.id
    assert not said(page.run())
    assert page.number_input(key="decoder:image").value == 2
    page.query_params["run"], page.query_params["tab"] = many.id, "Latent space"
    page.run()
    page.slider[0].set_value(15)
    assert not said(page.run())
    page.query_params["run"] = untrained(VAE, 5).id
    assert not said(page.run())
    assert page.slider[0].value == 4


def test_more_classes_than_a_map_can_colour_are_not_offered_as_colours():
    test = load_for(VAE, "test")
    many = replace(test, labels=torch.arange(len(test)), classes=tuple(map(str, range(len(test)))))
    page = open_tab("vae", "Latent space", untrained(VAE, 300, test=many))
    assert not said(page)
    assert group(page, "Colour by").options == ["cluster", "error"]
