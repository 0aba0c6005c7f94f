"""Numbers whose bounds come from data. What is chosen stays from model to model, so it may have been chosen among more."""

from typing import Any

import streamlit as st

from genmodels.language import _


def number_below(label: str, n: int, key: str, default: int = 0, **options: Any) -> int:
    """A field for a number from 0 to ``n`` - 1, ``n`` at least 1."""
    _keep_within(key, default, n - 1)
    return whole_number(label, 0, n - 1, key=key, **options)


def whole_number(label: str, least: int, most: int, default: int | None = None, *, key: str, **options: Any) -> int:
    """A field for one from ``least`` to ``most``, which says what it takes for a fraction. Streamlit's own field for whole numbers would
    have the browser cut what is typed to the number that it begins with, 1e3 to 1, and say nothing."""
    start: Any = "min" if default is None else float(default)
    typed: float = st.number_input(
        label, float(least), float(most), start, 1.0, "%g", key=key, persist_state="session", **options
    )
    number = int(typed)
    if number != typed:
        st.caption(_("{typed:g} is no whole number: {number} is taken.", typed=typed, number=number))
    return number


def slider_up_to(label: str, least: int, most: int, key: str, default: int, **options: Any) -> int:
    """A slider from ``least`` to ``most``; none where that leaves no choice, but ``most``, however small."""
    if most <= least:
        return most
    _keep_within(key, max(least, default), most)
    return st.slider(label, least, most, key=key, persist_state="session", **options)


def _keep_within(key: str, default: int, most: int) -> None:
    chosen = st.session_state.get(key, default)
    if key not in st.session_state or chosen > most:  # not always: what is set by name, the browser takes for new
        st.session_state[key] = min(chosen, most)
