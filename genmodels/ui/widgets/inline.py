"""What is asked for within a line of controls: its label stands before it, which screen readers read as any other."""

from collections.abc import Sequence

import streamlit as st

from genmodels.ui.widgets.bounded import number_below


def inline_number(label: str, most: int, default: int, key: str) -> int:
    """A whole number from 0 to ``most``."""
    st.markdown(label, width="content")
    return number_below(label, most + 1, key, default, width=130, label_visibility="collapsed")


def inline_selection(label: str, names: Sequence[str], key: str, *, default: int = 0, width: int) -> int:
    """The place of one of the ``names``, in a box ``width`` pixels wide."""
    st.markdown(label, width="content")
    return st.selectbox(
        label, range(len(names)), default, format_func=names.__getitem__, key=key, persist_state="session", width=width,
        label_visibility="collapsed",
    )  # fmt: skip
