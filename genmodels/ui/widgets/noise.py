"""Noise that stays the same, on every rerun and tab, until the visitor resamples it."""

import numpy as np
import streamlit as st


def noise(place: str, n: int, dimensions: int) -> np.ndarray:
    """Standard normal noise (n, D); ``place`` tells one part of the app from another."""
    return np.random.default_rng(seed(place)).normal(size=(n, dimensions))


def seed(place: str) -> int:
    """What the noise of a place is drawn from."""
    return st.session_state.setdefault(f"{place}:seed", 0)


def other_noise(place: str) -> None:
    """The button that resamples it."""
    st.button("Resample", on_click=_reroll, args=(place,), icon=":material/casino:", key=f"{place}:reroll")


def _reroll(place: str) -> None:
    st.session_state[f"{place}:seed"] += 1
