"""The film of a training on the plane in a real browser: played, paused, stepped through, and sent again where it is missing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import button
from tests.browser.axe import barriers

APP = """
import streamlit as st
from genmodels.toys.film import Film
from genmodels.ui.components.toy_player import toy_player
from tests.ui.test_toys import a_film

def toy():
    seen = st.session_state.setdefault("moments", 5)
    film = Film({name: array if name == "target" else array[:seen] for name, array in a_film(8).arrays.items()})
    toy_player(film, key="toy", token="one", total_steps=7, going=seen < 8)
    if st.button("More"):
        st.session_state.moments = 8
        st.rerun()

def other():
    st.write("Nothing here")

st.title("Toys")
st.navigation([st.Page(toy, title="Toy", default=True), st.Page(other, title="Other", url_path="other")]).run()
"""


@pytest.mark.exhaustive
def test_a_film_is_followed_stopped_stepped_through_and_played(page: Page, own_address: str):
    page.goto(own_address)
    player = page.get_by_test_id("toy-player")

    def expect_step(step: int, moments: int) -> None:
        expect(player).to_have_attribute("data-step", str(step))
        expect(player).to_have_attribute("data-moments", str(moments))

    expect_step(4, 5)
    button(page, "One moment back").click()
    expect_step(3, 5)
    expect(player.get_by_role("status").first).to_have_text("step 3 of 7")
    button(page, "More").click()
    expect_step(3, 8)  # the reader's hands are on it
    button(page, "One moment on").press("Enter")
    expect_step(4, 8)
    page.get_by_role("slider", name="Training").press("End")
    expect_step(7, 8)
    button(page, "Play: Flow, t from noise to data").click()
    expect(player).not_to_have_attribute("data-t", "1.00")
    expect(player).to_have_attribute("data-t", "1.00")  # the end, where it stops
    expect(button(page, "Play: Flow, t from noise to data")).to_be_visible()
    button(page, "Play: Training").click()
    button(page, "Pause: Training").click()
    assert barriers(page) == []

    page.get_by_role("link", name="Other").click()
    expect(player).to_have_count(0)
    page.get_by_role("link", name="Toy").click()
    expect_step(7, 8)
