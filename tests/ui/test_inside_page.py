"""The tab "Inside the network", without a browser."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import test_images
from genmodels.config.families import CGANConfig, InfoGANConfig
from genmodels.data.load import load_for
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric, to_unit
from genmodels.errors import DataError
from genmodels.inference.load import load_model
from genmodels.latent.feature_maps import most_exciting
from genmodels.latent.layers import layers
from genmodels.metrics.judge import judge_of, probabilities
from genmodels.runs.store import Run, Store
from genmodels.ui.components.network_diagram import Box
from genmodels.ui.network.pictures import as_maps, coloured, framed
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, texts
from tests.ui.test_dcgan_page import TINY, open_tab, pretrained, run

__all__ = ["pretrained", "run"]  # fixtures
TAB = "Inside the network"
EXCITED = "Test images that excite channel {} of {} most"


class Diagram:
    """The last one that the page has drawn, and the title of the box that is chosen in it; the default one without."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.title = ""

    def draw(self, boxes: Sequence[Box], *, default: int, **options: Any) -> int:
        self.boxes = list(boxes)
        titles = [box.title for box in boxes]
        return titles.index(self.title) if self.title in titles else default

    def box(self, title: str) -> Box:
        (found,) = (box for box in self.boxes if box.title == title)
        return found


@pytest.fixture(autouse=True)
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "network.inside")


@pytest.fixture(autouse=True)
def diagram(monkeypatch: pytest.MonkeyPatch) -> Diagram:
    diagram = Diagram()
    monkeypatch.setattr("genmodels.ui.network.inside.network_diagram", diagram.draw)
    return diagram


def choose(page: AppTest, *, network: str = "", kind: str = "", channel: int | None = None) -> AppTest:
    if network:
        (control,) = (group for group in page.segmented_control if group.label == "Network")
        control.set_value(network).run()
    if kind:
        page.segmented_control(key="inside:kind").set_value(kind).run()
    if channel is not None:
        numbered(page, "Channel").set_value(channel).run()
    assert not page.exception
    return page


def numbered(page: AppTest, label: str) -> Any:
    (number,) = (number for number in page.number_input if number.label == label)
    return number


def answer(diagram: Diagram) -> float:
    (title,) = (box.title for box in diagram.boxes if box.title.startswith("Its answer"))
    return float(title.split(": ")[1])


def pixels(picture: Image.Image | None) -> np.ndarray:
    assert picture is not None
    return np.asarray(picture)


def test_a_generated_image_is_followed_through_both_networks(run: Run, strips: dict[str, np.ndarray], diagram: Diagram):
    page = open_tab(TAB, run=run.id)
    page.number_input(key="inside:seed").set_value(3).run()
    family = load_model(run.id).family
    z = Noise(3).normal(1, TINY.latent_dim)
    image = family.sample(1, z)
    for name, channels in (("Transposed convolution 1", 8), ("Transposed convolution 2", 4)):
        diagram.title = name
        page.run()
        assert len(strips[f"Feature maps of {name}"]) == channels
    diagram.title = "Transposed convolution 3"
    page.run()
    assert np.abs(strips["The generated image"].astype(int) - (image * 255).round().numpy()).max() <= 1
    assert np.array_equal(pixels(diagram.box(diagram.title).picture), strips["The generated image"][0, 0])

    choose(page, network="Discriminator")
    judged = layers(family.networks["discriminator"], image * 2 - 1)
    assert answer(diagram) == pytest.approx(judged[-1].output.item(), abs=0.01)
    assert np.array_equal(pixels(diagram.box("Image").picture), strips["The generated image"][0, 0])
    for layer in judged[:-1]:
        diagram.title = layer.name
        page.run()
        assert len(strips[f"Feature maps of {layer.name}"]) == layer.output.shape[1]


def test_the_diagram_tells_shape_weights_and_parts_of_each_layer(run: Run, diagram: Diagram):
    open_tab(TAB, run=run.id)
    assert [(box.title, *box.lines) for box in diagram.boxes] == [
        ("Latent vector", "6 units"),
        ("Transposed convolution 1", "8 × 7 × 7 · 2,368 weights", "7 × 7, BatchNorm, ReLU"),
        ("Transposed convolution 2", "4 × 14 × 14 · 520 weights", "4 × 4, stride 2, BatchNorm, ReLU"),
        ("Transposed convolution 3", "1 × 28 × 28 · 65 weights", "4 × 4, stride 2, tanh"),
    ]
    assert [box.layer for box in diagram.boxes] == [False, True, True, True]


def test_a_test_image_is_followed_through_the_discriminator(run: Run, diagram: Diagram):
    page = choose(open_tab(TAB, run=run.id), network="Discriminator", kind="real")
    numbered(page, "Test image").set_value(7).run()
    images = load_for(TINY, "test").images
    assert np.array_equal(pixels(diagram.box("Image").picture), images[7, 0].numpy())
    judged = layers(load_model(run.id).family.networks["discriminator"], to_symmetric(images[7:8]))
    assert answer(diagram) == pytest.approx(judged[-1].output.item(), abs=0.01)


def test_the_classifier_that_judges_the_images_is_looked_into_too(run: Run, diagram: Diagram):
    page = choose(open_tab(TAB, run=run.id), network="Classifier", kind="real")
    numbered(page, "Test image").set_value(7).run()
    images = load_for(TINY, "test").images[7:8]
    judge = judge_of(TINY)
    assert judge is not None
    share, label = probabilities(judge.classifier, images)[0].max(0)
    assert diagram.box(f"It says {int(label)}").lines == (f"p = {share:.1%}",)
    assert "max pooling" in diagram.box("Convolution 2").lines[1]
    choose(page, kind="generated")
    page.number_input(key="inside:seed").set_value(3).run()
    generated = load_model(run.id).family.sample(1, Noise(3).normal(1, TINY.latent_dim))
    assert np.abs(pixels(diagram.box("Image").picture) - (generated[0, 0] * 255).round().numpy()).max() <= 1


def test_the_images_that_excite_the_chosen_channel_are_shown(run: Run, strips: dict[str, np.ndarray], diagram: Diagram):
    diagram.title = "Convolution 2"
    page = choose(open_tab(TAB, run=run.id), network="Discriminator", channel=5)
    images = load_for(TINY, "test").images
    found = most_exciting(load_model(run.id).family.networks["discriminator"], [(to_symmetric(images),)], 12)
    chosen = found[1].images[5]
    expected = framed(images[chosen].numpy(), found[1].boxes[5].numpy(), 5)
    assert np.array_equal(strips[EXCITED.format(5, "Convolution 2")], expected)
    assert "The 12 of 1,000 test images" in texts(page)
    diagram.title = "Convolution 3"
    page.run()
    assert EXCITED.format(0, "Convolution 3") in strips
    assert not [number for number in page.number_input if number.label == "Channel"]


def test_a_finished_run_is_looked_at_without_its_data(run: Run, diagram: Diagram, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.data.load.load_for", refuse)
    page = choose(open_tab(TAB, run=run.id), network="Discriminator", kind="real")
    assert not page.error
    assert pixels(diagram.box("Image").picture).any()


def test_without_any_test_images_a_generated_one_is_shown_and_a_sentence_says_why(
    run: Run, strips: dict[str, np.ndarray], diagram: Diagram, monkeypatch: pytest.MonkeyPatch
):
    (Store().folder(run.id) / test_images.FILE).unlink()
    monkeypatch.setattr("genmodels.data.load.load_for", refuse)
    page = open_tab(TAB, run=run.id)
    assert not page.error
    choose(page, network="Discriminator")
    sentence = "MNIST could not be downloaded: choose a run that has finished, which keeps some test images itself."
    assert [error.value for error in page.error] == [sentence]
    assert "Feature maps of Convolution 1" in strips
    choose(page, kind="real")
    assert [error.value for error in page.error] == [sentence]


def refuse(*arguments: Any, **options: Any) -> None:
    raise DataError("MNIST could not be downloaded: choose mnist-sample.")


def test_a_pretrained_model_can_be_looked_into(pretrained: str, strips: dict[str, np.ndarray]):
    page = choose(open_tab(TAB, run=pretrained), network="Discriminator")
    assert not page.error
    assert "Feature maps of Convolution 1" in strips
    assert EXCITED.format(0, "Convolution 1") in strips


def test_many_channels_are_cut_with_a_note(
    run: Run, strips: dict[str, np.ndarray], diagram: Diagram, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("genmodels.ui.network.inside.CHANNELS", 6)
    page = choose(open_tab(TAB, run=run.id), network="Discriminator")
    assert "Convolution 1: 4 channels, 14 × 14" in texts(page)
    diagram.title = "Convolution 2"
    page.run()
    assert "Convolution 2: the first 6 of 8 channels, 7 × 7" in texts(page)
    assert len(strips["Feature maps of Convolution 2"]) == 6


def test_one_test_image_is_enough(run: Run, strips: dict[str, np.ndarray], diagram: Diagram):
    one = load_for(TINY, "test").images[:1].numpy()
    test_images.save(Store().folder(run.id), test_images.Images(one, None, ()))
    choose(open_tab(TAB, run=run.id), network="Discriminator", kind="real")
    assert len(strips[EXCITED.format(0, "Convolution 1")]) == 1
    assert np.array_equal(pixels(diagram.box("Image").picture), one[0, 0])


def test_the_encoder_of_a_vae_is_looked_into_with_the_images_whose_codes_it_keeps(
    strips: dict[str, np.ndarray], diagram: Diagram, no_network: None
):
    page = choose(open_page("vae", tab=TAB, run="vae-mnist"), network="Encoder", kind="real")
    assert not page.error
    assert EXCITED.format(0, "Convolution 1") in strips
    image = pixels(diagram.box("Image").picture).copy()
    vae: Any = load_model("vae-mnist").family
    diagram.title = "Fully connected 5"
    page.run()
    units = as_maps(layers(vae.model.encoder, to_unit(torch.from_numpy(image)[None, None]))[-1].output[0].numpy())
    assert strips["Feature maps of Fully connected 5"].shape[0] == 1
    assert np.array_equal(pixels(diagram.box(diagram.title).picture), coloured(units)[0].transpose(1, 2, 0))
    choose(page, network="Decoder")
    diagram.title = diagram.boxes[-1].title
    page.run()
    mean, _ = vae.encode(torch.from_numpy(image)[None, None])
    assert np.abs(strips["The generated image"][0] - vae.decode(mean)[0].numpy() * 255).max() <= 1


@pytest.mark.parametrize(
    ("config", "inputs"),
    [
        (CGANConfig(epochs=1, width=4, latent_dim=6, batch_size=500), ["Image", "Class 7"]),
        (CGANConfig(epochs=1, width=4, latent_dim=6, batch_size=500, condition="picture"), ["Image", "Shown part"]),
        (InfoGANConfig(epochs=1, width=4, latent_dim=6, hidden=16, batch_size=500), ["Image"]),
    ],
    ids=["class", "picture", "codes"],
)
def test_what_a_conditional_network_is_told_stands_in_its_diagram(
    config: Any, inputs: list[str], strips: dict[str, np.ndarray], diagram: Diagram
):
    run = finished(config.model_copy(update={"device": "cpu", "check_every": 0}))
    page = choose(open_page("conditional", tab=TAB, run=run.id), network="Discriminator", kind="real")
    labels = load_for(TINY, "test").labels
    assert labels is not None
    number = labels.tolist().index(7)
    numbered(page, "Test image").set_value(number).run()
    assert not page.error
    assert [box.title for box in diagram.boxes if not box.layer][:-1] == inputs
    assert math.isfinite(answer(diagram))
    diagram.title = next(box.title for box in diagram.boxes if box.title.startswith("Convolution"))
    page.run()
    assert EXCITED.format(0, diagram.title) in strips


def test_a_run_without_a_checkpoint_says_so():
    run = Store().create(TINY.model_dump())
    assert "no checkpoint yet" in open_tab(TAB, run=run.id).info[0].value
