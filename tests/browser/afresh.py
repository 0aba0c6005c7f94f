"""Begin anew on a page that is loaded already: a page load takes longer than most of what is tested on it."""

import streamlit as st
from playwright.sync_api import Page, expect


def round_number() -> int:
    """For the small app of a test: draws the button that forgets all of the session.

    The number belongs into the keys and tokens of what is to begin anew, in Python and in the browser.
    """
    number = st.session_state.setdefault("round", 0)
    st.button("Afresh", on_click=_forget, args=(number + 1,))
    st.caption(f"Round {number}")
    return number


def _forget(number: int) -> None:
    st.session_state.clear()
    st.session_state["round"] = number


def begin(page: Page, address: str) -> Page:
    """The small app at ``address`` as its first visitor finds it."""
    if page.url != address:
        page.goto(address)
    else:
        number = int(page.get_by_text("Round ").inner_text().split()[1])
        page.get_by_role("button", name="Afresh").click()
        expect(page.get_by_text(f"Round {number + 1}", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page
