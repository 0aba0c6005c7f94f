"""What is wrong with the address by which one came, for as long as one needs to read it.

A page puts its address right while it is drawn for the first time, and is drawn again at once, when the browser has told whose it
is: then nothing is wrong any more.
"""

import time

import streamlit as st

KEY = "link:warning"
SECONDS = 15.0  # in which the page may be drawn again by itself


def link_warning(text: str = "") -> None:
    """Draw ``text``, or what was wrong a moment ago."""
    if text:
        st.session_state[KEY] = (text, time.monotonic())
    said, when = st.session_state.get(KEY, ("", 0.0))
    if said and time.monotonic() - when < SECONDS:
        st.warning(said)
    else:
        st.session_state.pop(KEY, None)
