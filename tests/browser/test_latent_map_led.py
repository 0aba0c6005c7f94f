"""A place of the latent map that the pointer is dragged to."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.maps import at, drag, mode

APP = """
import numpy as np
import streamlit as st

from genmodels.ui.components.latent_map import Kind, latent_map, pressed

CORNERS = np.array([[0, 0], [10, 0], [10, 10], [0, 10]])
latent_map(CORNERS, [Kind("corner", "red")], kind_of=np.zeros(4), key="map", token="map", leads=True)
st.code(pressed("map"))
"""


@pytest.mark.exhaustive
def test_it_is_told_on_the_way_and_where_the_pointer_is_let_go(opened: Page, own_address: str):
    opened.goto(own_address)
    latent_map = opened.get_by_test_id("latent-map")
    expect(latent_map).to_have_attribute("data-points", "4")
    mode(latent_map, "Decode where the pointer is dragged")
    told = opened.get_by_test_id("stCode")
    drag(opened, at(latent_map, (1, 5), (5, 5)), release=False)
    expect(told).to_have_text(re.compile(r"\d"))
    opened.mouse.move(*at(latent_map, (8, 2))[0])
    opened.mouse.up()
    expect(told).to_have_text(re.compile(r"^\((7\.9|8\.0)\d*, (1\.9|2\.0)\d*\)$"))
    assert latent_map.get_attribute("data-selected") == "0"
