"""A whole number that is asked for within a line of controls."""

import streamlit as st


def inline_number(label: str, most: int, default: int, key: str) -> int:
    """From 0 to ``most``; its label stands before it, which screen readers read as any other."""
    st.markdown(label, width="content")
    return st.number_input(
        label, 0, most, default, key=key, persist_state="session", width=130, label_visibility="collapsed"
    )
