"""The toy player: the film of a training on the plane, which the reader plays, pauses, steps through and slows down.

All that is drawn is drawn in the browser, `toy_player.js`. It is sent each moment once, also while there come more: the protocol is that
of `live_curves.py`, with moments in place of rows, and `film`, what stays the same in all of them, in place of `panels`.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import streamlit as st

from genmodels.toys.film import MOVING, NUMBERS, UNITS, Film
from genmodels.toys.setup import EXTENT
from genmodels.ui.components.serving import browser_component


def toy_player(film: Film, *, key: str, token: str, total_steps: int, going: bool) -> None:
    """Draw `film` with the means to look at every moment of it; at later calls with the same `token` it may have more of them.

    Args:
        key: Streamlit's element key.
        token: what the film is of. Another one begins anew.
        total_steps: of the training, which has not come to all of them while it is `going`.
    """
    memory = f"{key}:sent"  # (token, number of moments sent), in this session
    message = next_message(film, token, *st.session_state.get(memory, ("", 0)))
    data = message | {"total": total_steps, "going": going}
    _component(key=key, data=data, on_resync_change=lambda: st.session_state.pop(memory, None))
    st.session_state[memory] = (token, message["end"])  # after the mount, see live_curves.py


def next_message(film: Film, token: str, known: str = "", sent: int = 0) -> dict[str, Any]:
    """The message for a browser that was sent so many moments under the token `known`."""
    if token != known or sent > len(film):
        sent = 0
    message: dict[str, Any] = {"token": token, "start": sent, "end": len(film)}
    if sent == 0:
        message["film"] = {
            "units": UNITS,
            "extent": EXTENT,
            "numbers": NUMBERS,
            "target": _packed(film.arrays["target"]),
        }
    if sent < len(film):
        message["moments"] = {name: _packed(film.arrays[name][sent:]) for name in MOVING}
    return message


def _packed(array: np.ndarray) -> dict[str, str]:
    """The numbers one after the other, little-endian, and what they are."""
    kind = f"{'float' if array.dtype.kind == 'f' else 'uint' if array.dtype.kind == 'u' else 'int'}{8 * array.itemsize}"
    content = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
    return {"kind": kind, "bytes": base64.b64encode(content).decode()}


_component = browser_component("toy_player")
