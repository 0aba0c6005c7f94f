"""A secret of the visitor's browser, by which a server knows it again: after a reload, and in another tab.

`browser_token.js` makes it and keeps it in the browser's local storage, which no request carries along; it is sent once a
session, by the session's own connection. It is shown and written nowhere: a run bears a keyed hash of it, `genmodels.runs.ownership.mark`.
"""

import re

import streamlit as st

from genmodels.ui.components.serving import browser_component

SENT = "browser:token"
TOKEN = re.compile(r"[0-9a-f]{64}")


def ask_browser() -> None:
    """Ask for the token, if this session does not have it yet; the page is drawn again when the browser has answered."""
    if SENT in st.session_state:
        return
    sent = _component(key="browser:asked", on_token_change=lambda: None).token
    if isinstance(sent, str) and TOKEN.fullmatch(sent):
        st.session_state[SENT] = sent


def browser_token() -> str | None:
    """The token, or None while the browser has not told it."""
    return st.session_state.get(SENT)


_component = browser_component("browser_token")
