"""The tab Decoder: codes moved by hand, ways between images, planes of codes, and one's own digit."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from genmodels.latent import codes as latent_codes
from genmodels.models.vae import VAE
from genmodels.runs.store import Store
from tests.support.helpers import finished
from tests.support.latent_space import MODEL, Drawn, choose, codes, decoder, drawn, encoded
from tests.support.pages import open_page, press
from tests.support.training import tiny

__all__ = ["codes", "drawn", "encoded"]


def sliders(page: AppTest) -> dict[int, Any]:
    """Dimension -> slider, in the order on the page."""
    return {int(slider.label.split()[0]): slider for slider in page.slider if slider.label.endswith("nats)")}


def test_one_slider_a_dimension_in_the_order_of_their_kl(drawn: Drawn, codes: latent_codes.Codes):
    assert list(sliders(decoder())) == np.argsort(-codes.kl).tolist()


def test_a_slider_moves_the_image(drawn: Drawn):
    page = decoder()
    alt = "What the decoder makes of this code"
    before = drawn.strips[alt]
    first, *_, idle = sliders(page).values()
    idle.set_value(2.0).run()
    assert np.abs(drawn.strips[alt].astype(int) - before).max() < 30, (
        "a dimension without information changes the image"
    )
    first.set_value(2.0).run()
    moved = drawn.strips[alt]
    assert np.abs(moved.astype(int) - before).max() > 100
    press(page, "All zero")
    assert np.array_equal(drawn.strips[alt], before)
    press(page, "Take it")
    assert not np.array_equal(drawn.strips[alt], before)


def test_a_model_that_draws_no_numbers_is_told_of_once(drawn: Drawn, monkeypatch: pytest.MonkeyPatch):
    def decode(vae: VAE, z: torch.Tensor) -> torch.Tensor:
        return torch.full((len(z), 1, 28, 28), torch.nan)

    monkeypatch.setattr(VAE, "decode", decode)
    assert [error.value for error in decoder().error] == [
        "This model's images hold no numbers (NaN), as its weights are too large: choose another model."
    ]


def test_a_fraction_is_not_taken_for_a_whole_number_without_a_word(drawn: Drawn):
    page = decoder()
    page.number_input(key="decoder:image").set_value(2.7).run()
    assert [caption.value for caption in page.caption if "whole number" in caption.value] == [
        "2.7 is no whole number: 2 is taken."
    ]
    assert not page.exception
    page.number_input(key="decoder:image").set_value(3).run()
    assert not any("whole number" in caption.value for caption in page.caption)


def test_the_way_from_one_image_to_another_begins_and_ends_at_their_reconstructions(
    drawn: Drawn, codes: latent_codes.Codes
):
    page = decoder()
    page.number_input(key="decoder:To image").set_value(7).run()
    way = drawn.strips["The images on the way"].astype(int)
    assert way.shape == (11, 1, 28, 28)
    assert np.abs(way[0] - codes.reconstructions[0]).max() <= 1
    assert np.abs(way[-1] - codes.reconstructions[7]).max() <= 1


def test_the_plane_can_be_laid_through_principal_axes(drawn: Drawn):
    page = decoder()
    dimensions = drawn.strips["Images over the two most active dimensions"]
    choose(page, "Axes", "principal axes")
    axes = drawn.strips["Images over the two principal axes"]
    assert dimensions.shape == axes.shape == (225, 1, 28, 28)
    assert not np.array_equal(dimensions, axes)


@pytest.mark.parametrize("axes", ["dimensions", "principal axes"])
def test_an_image_of_the_plane_that_is_pressed_gives_its_code(drawn: Drawn, axes: str):
    page = choose(decoder(), "Axes", axes)
    drawn.pressed = 32
    page.run()
    assert not page.exception
    (plane,) = [images for alt, images in drawn.strips.items() if axes in alt]
    taken = drawn.strips["What the decoder makes of this code"][0].astype(int)
    assert np.abs(taken - plane[32]).max() < 10  # sliders move in steps
    assert np.abs(taken - plane[0]).max() > 100
    before = [slider.value for slider in page.slider]
    page.run()
    assert [slider.value for slider in page.slider] == before


def test_before_one_draws_the_code_of_a_test_image_is_shown(drawn: Drawn, codes: latent_codes.Codes):
    decoder()
    shown = drawn.strips["Test image 0 as the encoder sees it, and its reconstruction"]
    assert np.array_equal(shown, np.stack([codes.images[0], codes.reconstructions[0]]))


def test_a_drawn_digit_is_encoded_and_appears_on_the_map(drawn: Drawn, codes: latent_codes.Codes):
    drawn.pad = np.kron(codes.images[0, 0], np.ones((4, 4), np.uint8))
    page = decoder()
    seen, reconstruction = drawn.strips["Your digit as the encoder sees it, and its reconstruction"].astype(int)
    assert np.abs(seen - codes.images[0]).mean() < 12
    assert np.abs(reconstruction - codes.reconstructions[0]).mean() < 25
    page.query_params["tab"] = "Latent space"
    choose(page.run(), "Map", "PCA")
    extra = drawn.map["extra"]
    assert extra.name == "your digit"
    assert np.linalg.norm(extra.points[0] - drawn.map["points"][0]) < 1


def test_an_upload_that_is_no_image_is_refused_in_one_sentence(drawn: Drawn):
    page = choose(decoder(), "How", "Upload")
    page.file_uploader[0].set_value(("digit.png", b"not an image", "image/png")).run()
    assert [error.value for error in page.error] == [
        "This picture cannot be taken, because it is not an image of a known kind: choose another PNG or JPEG picture."
    ]


def test_a_damaged_model_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "pretrained" / "vae-damaged"
    shutil.copytree(MODEL, folder)
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert json.loads((folder / "card.json").read_text())["step"]
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder.parent)
    assert [error.value for error in decoder().error] == ["vae-damaged is damaged: fetch the checkpoint again."]


def test_prior_and_aggregate_posterior_are_decoded_side_by_side(drawn: Drawn):
    page = decoder()
    alts = [f"32 images of codes from {source}" for source in ("the prior", "real images")]
    before = [drawn.strips[alt] for alt in alts]
    assert [images.shape for images in before] == [(32, 1, 28, 28)] * 2
    press(page, "Resample")
    assert all(not np.array_equal(drawn.strips[alt], images) for alt, images in zip(alts, before, strict=True))


def test_a_learned_prior_gives_the_random_codes_and_its_sliders_reach_all_codes(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
):
    run = finished(tiny(epochs=1, prior="flow", prior_couplings=2, prior_width=4))
    far = np.array([9.0, -7.5])
    monkeypatch.setattr("genmodels.ui.models.loading.prior_codes", lambda entry, n, seed: np.tile(far, (n, 1)))
    (folder,) = (Store().folder(run.id) / "latents").iterdir()
    kept = latent_codes.load(folder)
    assert kept is not None
    monkeypatch.setattr("genmodels.ui.models.loading.codes", lambda *given: replace(kept, mu=kept.mu + far / 2))
    page = open_page("vae", tab="Decoder", run=run.id)
    begun = {d: slider.value for d, slider in sliders(page).items()}
    assert begun == pytest.approx(dict(enumerate(kept.mu[0] + far / 2)), abs=0.03), (
        "a code of an image, as 0 need be none"
    )
    press(page, "Random")
    assert {d: slider.value for d, slider in sliders(page).items()} == {0: 9.0, 1: -7.5}
