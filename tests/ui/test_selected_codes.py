"""What the points of a latent space tell, and what is generated from those that are selected."""

import base64
import io
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from genmodels.latent import codes as latent_codes
from genmodels.latent.pca import principal_plane
from tests.support.latent_space import Drawn, choose, codes, drawn, encoded, latent_space
from tests.support.pages import press

__all__ = ["codes", "drawn", "encoded"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_network")


def test_each_point_is_told_with_its_image_label_cluster_and_error(drawn: Drawn, codes: latent_codes.Codes):
    latent_space()
    sheet, (label, cluster, error) = drawn.map["sheet"], drawn.map["facts"]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.url.partition(",")[2]))))
    row, column = divmod(1999, sheet.columns)
    assert np.array_equal(picture[28 * row : 28 * row + 28, 28 * column : 28 * column + 28], codes.images[1999, 0])
    assert codes.labels is not None
    assert [label.names[i] for i in label.of[:5]] == [codes.classes[i] for i in codes.labels[:5]]
    assert (cluster.title, error.title) == ("cluster", "error, nats:")
    assert np.array_equal(error.values, codes.errors)


def test_of_very_many_images_each_is_smaller(drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.ui.vae.map_look.MOST_PIXELS", codes.images.size // 4)
    st.cache_data.clear()
    latent_space()
    sheet = drawn.map["sheet"]
    assert (sheet.width, sheet.height) == (14, 14)
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.url.partition(",")[2]))))
    row, column = divmod(1999, sheet.columns)
    means = codes.images[1999, 0].reshape(14, 2, 14, 2).mean((1, 3))
    assert np.array_equal(picture[14 * row : 14 * row + 14, 14 * column : 14 * column + 14], np.floor(means))
    st.cache_data.clear()


def test_a_label_or_an_image_is_found(drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch):
    chosen: list[list[int]] = []
    monkeypatch.setattr("genmodels.ui.vae.selection.choose", lambda key, indices: chosen.append(indices))
    page = latent_space()
    page.selectbox(key="explorer:map:label").set_value("7").run()
    assert codes.labels is not None
    assert chosen == [np.flatnonzero(codes.labels == 7).tolist()]
    page.number_input(key="explorer:map:index").set_value(42).run()
    press(page, "Select")
    assert chosen[1:] == [[42]]


def test_selected_codes_generate_when_that_is_asked_for(drawn: Drawn, codes: latent_codes.Codes):
    drawn.selected = (3, 500, 1999)
    page = latent_space()
    assert not [alt for alt in drawn.strips if "Gaussian" in alt]
    page.toggle(key="explorer:generate").set_value(True).run()
    assert not page.exception
    assert drawn.strips["The mean of these codes, decoded"].shape == (1, 1, 28, 28)
    samples = drawn.strips["Samples of a Gaussian fitted to these codes"]
    press(page, "Resample")
    assert not np.array_equal(drawn.strips["Samples of a Gaussian fitted to these codes"], samples)
    table = page.dataframe[0].value
    assert len(table) == 5
    assert table["dimension"].is_unique


def test_a_place_of_the_plane_that_is_pressed_is_decoded(
    drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch
):
    page = choose(latent_space(), "Map", "PCA")
    assert "The image of the place that was pressed" not in drawn.strips
    plane = principal_plane(codes.mu)
    monkeypatch.setattr("genmodels.ui.vae.latent_space.pressed", lambda key: tuple(plane.project(codes.mu[:1])[0]))
    page.run()
    near = drawn.strips["The image of the place that was pressed"]
    monkeypatch.setattr("genmodels.ui.vae.latent_space.pressed", lambda key: (30.0, -30.0))
    page.run()
    assert not np.array_equal(drawn.strips["The image of the place that was pressed"], near)


def test_codes_of_the_prior_are_drawn_over_those_of_images(drawn: Drawn, codes: latent_codes.Codes):
    page = choose(latent_space(), "Map", "PCA")
    assert drawn.map["extra"] is None
    next(toggle for toggle in page.toggle if toggle.label == "Overlay the prior").set_value(True).run()
    assert not page.exception
    extra: Any = drawn.map["extra"]
    assert extra.name == "from the prior"
    assert extra.points.shape == (1000, 2)
    assert np.abs(extra.points).max() < 6, "N(0, I), on a plane"
