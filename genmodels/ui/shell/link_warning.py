"""What is wrong with the address by which one came, for as long as one needs to read it.

A page puts its address right while it is drawn for the first time, and is drawn again at once, when the browser has told whose it
is: then nothing is wrong any more.
"""

import time

import streamlit as st

from genmodels.language import _
from genmodels.ui.widgets.text import plain

KEY, UNKNOWN = "link:warning", "link:unknown"
SECONDS = 15.0  # in which the page may be drawn again by itself
KNOWN = {"run", "group", "model", "tab", "set", "lang"}  # what pages read of an address
OF_OTHERS = ("_", "utm_")  # how keys begin that those who pass a link on add to it


def is_wrong(text: str) -> None:
    """Have ``link_warning`` say it, now and for a while."""
    st.session_state[KEY] = st.session_state.get(KEY, {}) | {text: time.monotonic()}


def look_for_unknown_keys() -> None:
    """See whether the address says anything that no page reads, such as a misspelt key."""
    unknown = [key for key in st.query_params if key not in KNOWN and not key.startswith(OF_OTHERS)]
    if unknown and unknown != st.session_state.get(UNKNOWN):
        names = plain(", ".join(unknown))
        is_wrong(_("No page knows what {names} in this address means: the page is shown without it.", names=names))
    st.session_state[UNKNOWN] = unknown


def link_warning() -> None:
    """Draw what is wrong, or was a moment ago."""
    now = time.monotonic()
    said = {text: when for text, when in st.session_state.get(KEY, {}).items() if now - when < SECONDS}
    st.session_state[KEY] = said
    for text in said:
        st.warning(text)
