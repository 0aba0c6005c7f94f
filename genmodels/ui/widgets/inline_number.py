"""A whole number that is asked for within a line of controls."""

import streamlit as st

from genmodels.ui.widgets.bounded import number_below


def inline_number(label: str, most: int, default: int, key: str) -> int:
    """From 0 to ``most``; its label stands before it, which screen readers read as any other."""
    st.markdown(label, width="content")
    return number_below(label, most + 1, key, default, width=130, label_visibility="collapsed")
