"""The tabs of a family's page: in the address, and only the open one is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.shell.link_warning import link_warning

Draw = Callable[[], object]
KEY = "tab"  # of the open tab, and in the address
FORMER = {"VAE beside GAN": "VAE vs. GAN"}  # titles that links from earlier versions have
SETUP = "set"  # in an address that fills the form, which is on the first tab
FILLED = "tab:form"  # whether the form is to be opened
OPENED = "tab:opened"  # whether this session has drawn tabs: only the first address comes from elsewhere


def tabs(parts: Mapping[str, Draw]) -> None:
    """Draw the open one of the tabs, by their titles."""
    first = next(iter(parts))
    if (former := st.query_params.get(KEY)) in FORMER:
        st.session_state[KEY] = FORMER[former]  # and the bound address follows
        del st.query_params[KEY]
    if st.session_state.pop(FILLED, False):
        st.session_state[KEY] = first
    entered = OPENED not in st.session_state
    asked = st.query_params.get(KEY, first)
    unknown = entered and asked not in parts
    link_warning("There is no tab of that name on this page: here is the first one." if unknown else "")
    st.session_state[OPENED] = True
    drawn = st.tabs(list(parts), key=KEY, bind="query-params")
    if entered and not unknown and asked != first and SETUP in st.query_params:
        st.session_state[FILLED] = True
        st.rerun()  # for only now may another tab than that of the address be opened
    for tab, draw in zip(drawn, parts.values(), strict=True):
        if tab.open:
            with tab, guarded():
                draw()
