"""A code that one moves by hand: one slider a dimension."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from genmodels.language import _

FIRST, A_ROW = 12, 4  # sliders shown at once; the other dimensions are behind a button
REACH = 4.0  # standard deviations of a standard normal, either way


def code_sliders(
    prefix: str,
    order: Sequence[int] | np.ndarray,
    name: Callable[[int], str],
    first: int = FIRST,
    a_row: int = A_ROW,
    reach: float = REACH,
) -> np.ndarray:
    """Draw them in the given order of the dimensions, the ``first`` of them at once, and return the code, (D,).

    ``prefix`` tells one code from another, and ``reach`` is as far as a slider goes, either way.
    """
    z = np.zeros(len(order))
    _rows(prefix, order[:first], name, z, a_row, reach)
    if len(order) > first:
        with st.popover(_("{n} more", n=len(order) - first), width="stretch"):
            _rows(prefix, order[first:], name, z, A_ROW, reach)
    return z


def code_buttons(
    prefix: str, dimensions: int, draw: Callable[[], np.ndarray] | None = None, reach: float = REACH
) -> None:
    """Buttons that set all sliders at once; ``draw`` gives a random code (D,), by default standard normal numbers."""
    st.button(_("All zero"), on_click=set_code, args=(prefix, np.zeros(dimensions)), icon=":material/exposure_zero:")
    random = draw or (lambda: np.random.default_rng().normal(size=dimensions))
    st.button(_("Random"), on_click=_random, args=(prefix, random, reach), icon=":material/casino:")


def start_at(prefix: str, z: np.ndarray, reach: float = REACH) -> None:
    """Where the sliders stand until someone moves them: a code (D,)."""
    if _key(prefix, 0) not in st.session_state:
        set_code(prefix, z, reach)


def set_code(prefix: str, z: np.ndarray, reach: float = REACH) -> None:
    """Move the sliders to a code (D,)."""
    for dimension, value in enumerate(z):
        st.session_state[_key(prefix, dimension)] = float(np.clip(value, -reach, reach).round(2))


def _random(prefix: str, draw: Callable[[], np.ndarray], reach: float) -> None:
    set_code(prefix, draw(), reach)


def _rows(
    prefix: str,
    dimensions: Sequence[int] | np.ndarray,
    name: Callable[[int], str],
    z: np.ndarray,
    a_row: int,
    reach: float,
) -> None:
    # Row by row, so that the order is kept where columns stack.
    for start in range(0, len(dimensions), a_row):
        for column, d in zip(st.columns(a_row), map(int, dimensions[start : start + a_row]), strict=False):
            st.session_state.setdefault(_key(prefix, d), 0.0)
            with column:
                z[d] = st.slider(name(d), -reach, reach, step=0.05, key=_key(prefix, d), persist_state="session")


def _key(prefix: str, dimension: int) -> str:
    return f"{prefix}:{dimension}"
