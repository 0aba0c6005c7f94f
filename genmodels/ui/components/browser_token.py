"""A secret of the visitor's browser, by which a server knows it again: after a reload, and in another tab.

`browser_token.js` makes it and keeps it in the browser's local storage, which no request carries along; it is sent once a
session, by the session's own connection. It is shown and written nowhere: a run bears a keyed hash of it, `genmodels.runs.ownership.mark`.
"""

import re

import streamlit as st

from genmodels.ui.components.serving import browser_component

SENT = "browser:token"
TOKEN = re.compile(r"[0-9a-f]{64}")


def ask_browser() -> bool:
    """Ask for the token, if this session does not have it yet; True when the browser has just answered."""
    if SENT in st.session_state:
        return False
    sent = _component(key="browser:asked", on_token_change=lambda: None).token
    if not (isinstance(sent, str) and TOKEN.fullmatch(sent)):
        return False
    st.session_state[SENT] = sent
    return True


def browser_token() -> str | None:
    """The token, or None while the browser has not told it."""
    return st.session_state.get(SENT)


_component = browser_component("browser_token")
