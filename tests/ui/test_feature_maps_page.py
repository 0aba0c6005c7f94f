"""The tab "Inside the network", without a browser."""

from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import test_images
from genmodels.data.load import load_for
from genmodels.data.pixels import to_symmetric
from genmodels.errors import DataError
from genmodels.inference.load import load_model
from genmodels.latent.feature_maps import most_exciting, stages
from genmodels.runs.store import Run, Store
from genmodels.ui.gan.feature_maps import _coloured, _framed
from tests.support.helpers import drawn_strips
from tests.ui.test_dcgan_page import TINY, open_tab, pretrained, run
from tests.ui.test_pages import texts

__all__ = ["pretrained", "run"]  # fixtures
TAB = "Inside the network"
EXCITED = "Test images that excite channel {} of {} most"


@pytest.fixture(autouse=True)
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "gan.feature_maps")


def choose_kind(page: AppTest, kind: str) -> None:
    page.segmented_control(key="inside:kind").set_value(kind).run()
    assert not page.exception


def answer(page: AppTest) -> float:
    (line,) = [element.value for element in page.markdown if "Its answer" in element.value]
    return float(line.split("**")[1])


def test_a_generated_image_is_followed_through_both_networks(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab(TAB, run=run.id)
    page.number_input(key="inside:seed").set_value(3).run()
    family = load_model(run.id).family
    z = torch.from_numpy(np.random.default_rng(3).normal(size=(1, TINY.latent_dim)).astype(np.float32))
    image = family.sample(1, z)
    assert np.abs(strips["The generated image"].astype(int) - (image * 255).round().numpy()).max() <= 1
    judged = stages(family.networks["discriminator"], image * 2 - 1)
    assert answer(page) == pytest.approx(judged[-1].maps.item(), abs=0.01)
    for name, channels in (("Transposed convolution 1", 8), ("Transposed convolution 2", 4)):
        assert len(strips[f"Feature maps of {name}"]) == channels
    for stage in judged[:-1]:
        assert len(strips[f"Feature maps of {stage.name}"]) == stage.maps.shape[1]


def test_a_test_image_is_followed_through_the_discriminator(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab(TAB, run=run.id)
    strips.clear()
    choose_kind(page, "real")
    index: Any = next(number for number in page.number_input if number.label == "Test image")
    index.set_value(7)
    page.run()
    images = load_for(TINY, "test").images
    assert np.array_equal(strips["Test image 7"], images[7:8].numpy())
    judged = stages(load_model(run.id).family.networks["discriminator"], to_symmetric(images[7:8]))
    assert answer(page) == pytest.approx(judged[-1].maps.item(), abs=0.01)
    assert not any("Transposed" in alt for alt in strips)


def test_the_images_that_excite_the_chosen_channel_are_shown(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab(TAB, run=run.id)
    images = load_for(TINY, "test").images
    layers = most_exciting(load_model(run.id).family.networks["discriminator"], images, 12)
    page.selectbox(key=f"inside:layer:{len(layers)}").set_value(1).run()
    page.number_input(key="inside:channel:Convolution 2:8").set_value(5).run()
    assert not page.exception
    chosen = layers[1].images[5]
    expected = _framed(images[chosen].numpy(), layers[1].boxes[5].numpy(), 4)
    assert np.array_equal(strips[EXCITED.format(5, "Convolution 2")], expected)
    assert "The 12 of 1,000 test images" in texts(page)
    page.selectbox(key=f"inside:layer:{len(layers)}").set_value(2).run()
    assert EXCITED.format(0, "Convolution 3") in strips
    assert not [number for number in page.number_input if number.label == "Channel"]


def test_a_finished_run_is_looked_at_without_its_data(
    run: Run, strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("genmodels.data.load.load_for", refuse)
    page = open_tab(TAB, run=run.id)
    choose_kind(page, "real")
    assert not page.error
    assert "Test image 0" in strips


def test_without_any_test_images_a_generated_one_is_shown_and_a_sentence_says_why(
    run: Run, strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
):
    (Store().folder(run.id) / test_images.FILE).unlink()
    monkeypatch.setattr("genmodels.data.load.load_for", refuse)
    page = open_tab(TAB, run=run.id)
    sentence = "MNIST could not be downloaded: choose a run that has finished, which keeps some test images itself."
    assert [error.value for error in page.error] == [sentence]
    assert "The generated image" in strips
    choose_kind(page, "real")
    assert page.error[0].value == sentence
    assert not page.exception


def refuse(*arguments: Any, **options: Any) -> None:
    raise DataError("MNIST could not be downloaded: choose mnist-sample.")


def test_a_pretrained_model_can_be_looked_into(pretrained: str, strips: dict[str, np.ndarray]):
    page = open_tab(TAB, run=pretrained)
    assert not page.error
    assert "The generated image" in strips
    assert EXCITED.format(0, "Convolution 1") in strips


def test_many_channels_are_cut_with_a_note(run: Run, strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.ui.gan.feature_maps.CHANNELS", 6)
    page = open_tab(TAB, run=run.id)
    assert "Convolution 2: the first 6 of 8 channels, 7×7" in texts(page)
    assert "Convolution 1: 4 channels, 14×14" in texts(page)
    assert len(strips["Feature maps of Convolution 2"]) == 6


def test_one_test_image_is_enough(run: Run, strips: dict[str, np.ndarray]):
    one = load_for(TINY, "test").images[:1].numpy()
    test_images.save(Store().folder(run.id), test_images.Images(one, None, ()))
    page = open_tab(TAB, run=run.id)
    assert len(strips[EXCITED.format(0, "Convolution 1")]) == 1
    choose_kind(page, "real")
    assert np.array_equal(strips["Test image 0"], one)


def test_a_run_without_a_checkpoint_says_so():
    run = Store().create(TINY.model_dump())
    assert "no checkpoint yet" in open_tab(TAB, run=run.id).info[0].value


def test_colours_are_black_at_zero_and_tell_the_signs_apart():
    maps = np.zeros((1, 20, 20), np.float32)
    maps[0, 0, 0], maps[0, 0, 1] = 2.0, -2.0
    maps[0, 1, :10], maps[0, 2, :10] = 1.0, -1.0
    coloured = _coloured(maps)[0].transpose(1, 2, 0).astype(int)
    assert coloured[5, 5].tolist() == [0, 0, 0]
    assert coloured[0, 0, 0] == coloured[0, 1, 2] == 255
    assert coloured[1, 0, 0] > coloured[1, 0, 2]
    assert coloured[2, 0, 2] > coloured[2, 0, 0]
    assert _coloured(np.zeros((2, 4, 4), np.float32)).max() == 0


@pytest.mark.parametrize("channels", [1, 3])
def test_a_frame_surrounds_its_box_and_leaves_the_rest(channels: int):
    images = np.full((1, channels, 10, 10), 7, np.uint8)
    framed = _framed(images, np.array([[-2, 4, 5, 8]]), 4)[0]
    assert framed.shape == (3, 40, 40)
    orange = (framed != 7).any(0)
    rows, columns = orange.nonzero()
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (0, 19, 16, 31)
    assert not orange[2:18, 18:30].any()
    assert images.max() == 7
