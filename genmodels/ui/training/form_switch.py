"""Whether the form that starts a run is open beside what a page shows."""

import streamlit as st

from genmodels.language import N_, _


def is_open(family: str) -> bool:
    """Whether the visitor has opened the form of ``family``."""
    return bool(st.session_state.get(_key(family)))


def open_form(family: str) -> None:
    """From the next script on; to be called in a callback, or before the page's own script goes on."""
    st.session_state[_key(family)] = True


def close_form(family: str) -> None:
    """From the next script on, as ``open_form``."""
    st.session_state[_key(family)] = False


def form_button(family: str, label: str = N_("New run")) -> None:
    """Draw the button that opens it, or closes it again."""
    opened = is_open(family)
    label, icon = (_("Close the form"), ":material/close:") if opened else (_(label), ":material/add:")
    # Not the opposite of what it is when the press is heard: a press that is heard twice does the same.
    if st.button(
        label, icon=icon, type="secondary" if opened else "primary", key=f"{family}:form:toggle",
        on_click=close_form if opened else open_form, args=(family,),
    ):  # fmt: skip
        st.rerun()  # the whole page, of which a panel that is drawn again by itself is a part


def _key(family: str) -> str:
    return f"{family}:form:open"
