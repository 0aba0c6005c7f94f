"""The form of a config: its values, its refusals, and the devices that it offers."""

import pytest

from genmodels import machine
from genmodels.config.families import VAEConfig
from tests.support.pages import button, open_page, press, started, texts
from tests.support.pretended_nvml import pretend

__all__ = ["started"]  # a fixture


def test_start_uses_the_values_of_the_form(started: list[VAEConfig]):
    page = open_page("vae")
    page.number_input(key="vae.epochs").set_value(3)
    page.number_input(key="vae.learning_rate").set_value(0.002)
    page.selectbox(key="vae.kl_estimator").set_value("closed-form")
    page.toggle(key="vae.binarize").set_value(False)
    press(page.run(), "Start training")
    assert started == [VAEConfig(epochs=3, learning_rate=0.002, kl_estimator="closed-form", binarize=False)]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("epochs", 0, "Epochs must be 1 to 2,000 epochs, not 0."),
        ("epochs", 2.7, "Epochs must be a whole number, 1 to 2,000 epochs, not 2.7."),
        ("train_images", 999_999_999_999, "Training images must be 0 to 1,000,000,000 images, not 999,999,999,999."),
        ("learning_rate", 0.0, "Learning rate must be above 0, at most 1, not 0."),
        ("beta", -1.0, "Beta must be 0 to 100, not -1."),
    ],
)
def test_a_bad_value_is_refused_at_its_field(started: list[VAEConfig], field: str, value: float, sentence: str):
    page = open_page("vae")
    page.number_input(key=f"vae.{field}").set_value(value)
    page.run()
    assert " ".join((texts(page), *(error.value for error in page.error))).count(sentence) == 1
    assert next(button for button in page.button if button.label == "Start training").disabled
    page.number_input(key=f"vae.{field}").set_value(VAEConfig.model_fields[field].default)
    page.run()
    assert sentence not in texts(page)


def test_where_a_refused_field_is_stands_above_start_whatever_tab_is_open():
    page = open_page("vae")
    page.number_input(key="vae.epochs").set_value(0)
    page.number_input(key="vae.latent_dim").set_value(0)
    page.run()
    assert [error.value for error in page.error] == [
        "To be changed before a start: *Latent size* under *Model*, *Epochs* under *Training*."
    ]


def test_a_set_in_colour_fills_in_its_size_and_channels_and_says_so(started: list[VAEConfig]):
    page = open_page("vae")
    assert "Its defaults" not in texts(page)
    page.selectbox(key="vae.dataset").set_value("cifar10")
    page.run()
    assert (page.selectbox(key="vae.image_size").value, page.selectbox(key="vae.channels").value) == (32, 3)
    assert "Its defaults: Image size (pixels) 32, Channels 3." in texts(page)
    page.selectbox(key="vae.channels").set_value(1)
    press(page.run(), "Start training")
    assert started == [VAEConfig(dataset="cifar10", image_size=32, channels=1)]


def test_own_images_ask_for_their_folder(started: list[VAEConfig]):
    page = open_page("vae")
    assert "vae.folder" not in [text.key for text in page.text_input]
    page.selectbox(key="vae.dataset").set_value("folder")
    page.run()
    assert "give the path of the folder" in texts(page)
    page.text_input(key="vae.folder").set_value("/pictures")
    press(page.run(), "Start training")
    assert started == [VAEConfig(dataset="folder", folder="/pictures")]


def test_the_form_offers_the_devices_of_the_machine_and_says_what_one_cannot_do(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 0)
    assert open_page("vae").selectbox(key="vae.device").options == ["auto", "cpu"]
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    page = open_page("vae")
    assert page.selectbox(key="vae.device").options == ["auto", "cpu", "mps"]
    page.selectbox(key="vae.device").set_value("mps")
    page.selectbox(key="vae.precision").set_value("bf16")
    page.run()
    assert "precision: must be fp32 on the device mps" in texts(page)
    assert button(page, "Start training").disabled
