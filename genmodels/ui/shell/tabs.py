"""The tabs of a family's page: in the address by their English titles, and only the open one is drawn."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from genmodels.language import _, current
from genmodels.ui.session import heard, tell
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.shell.link_warning import is_wrong, link_warning

Draw = Callable[[], object]
Title = TypeVar("Title", bound=str)
KEY = "tab"  # of the open tab, in the session and in the address
FORMER = {"VAE beside GAN": "VAE vs. GAN"}  # titles that links from earlier versions have
SETUP = "set"  # in an address that fills the form, which is on the first tab
OPENED = "tab:opened"  # whether this session has drawn tabs: only the first address comes from elsewhere


def tabs(parts: Mapping[Title, Draw]) -> None:
    """Draw the open one of the tabs, by their English titles."""
    first, entered = next(iter(parts)), OPENED not in st.session_state
    asked = heard(KEY)
    if asked is not None:
        st.session_state[KEY] = FORMER.get(asked, asked)
    if asked and st.session_state[KEY] not in parts:
        is_wrong(_("There is no tab of that name on this page: here is the first one."))
    link_warning()
    if st.session_state.get(KEY) not in parts or (entered and SETUP in st.query_params):
        st.session_state[KEY] = first
    st.session_state[OPENED] = True
    shown = {_(title): title for title in parts}
    opened, key = st.session_state[KEY], f"{KEY}:{current()}"
    st.session_state[key] = _(opened)
    drawn = st.tabs(list(shown), key=key, on_change=lambda: _open(shown[st.session_state[key]]))
    tell(KEY, opened if opened != first else "")
    for tab, title in zip(drawn, parts, strict=True):
        if title == opened:
            with tab, guarded():
                parts[title]()


def _open(title: str) -> None:
    st.session_state[KEY] = title
