"""Noise that stays the same, on every rerun and tab, until the visitor resamples it."""

import numpy as np
import streamlit as st

from genmodels.language import _


def noise(key: str, n: int, dimensions: int) -> np.ndarray:
    """Standard normal noise (n, D); ``key`` tells one part of the app from another."""
    return np.random.default_rng(seed(key)).normal(size=(n, dimensions))


def seed(key: str) -> int:
    """What the noise of that key is drawn from."""
    return st.session_state.setdefault(f"{key}:seed", 0)


def resample_button(key: str) -> None:
    """The button that resamples it."""
    st.button(_("Resample"), on_click=_resample, args=(key,), icon=":material/casino:", key=f"{key}:reroll")


def _resample(key: str) -> None:
    st.session_state[f"{key}:seed"] += 1
