"""The draw pad: a small blackboard for a digit, drawn with mouse, pen or finger.

The browser's half, `draw_pad.js`, sends the whole picture after each stroke, as a PNG whose alpha channel is the chalk. It keeps the
strokes for Undo; this side keeps the picture, which Streamlit forgets while another page is visited, and hands it to a pad that starts anew.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import streamlit as st
from PIL import Image

from genmodels.storage.image_grid import data_url, enlarged
from genmodels.ui.components.serving import browser_component

SIDE = 112
"""Pixels of the picture, a side."""

UNDER = 224
"""Pixels of a picture under it, a side, at least: those of the pad on the screen."""

MAX_LENGTH = 50_000
"""Characters a picture may have; a drawn one has some 4,000."""

PREFIX = "data:image/png;base64,"


def draw_pad(key: str, under: Image.Image | None = None) -> np.ndarray | None:
    """Show the pad with Streamlit's element key `key`; what is drawn on it as uint8 (SIDE, SIDE), white on black, or None.

    With a picture `under` it, the chalk is a broad brush that paints the picture over.
    """
    slot = f"{key}:drawn"
    # Enlarged, which the browser would do with a blur.
    below = data_url(enlarged(under, -(-UNDER // under.width))) if under else ""
    data = {"side": SIDE, "picture": st.session_state.get(slot, ""), "under": below}
    state = _component(key=key, data=data, on_picture_change=lambda: None)
    sent = data["picture"] if state.picture is None else state.picture
    picture = read_picture(sent)
    st.session_state[slot] = "" if picture is None else sent
    return picture


def read_picture(sent: Any) -> np.ndarray | None:
    """The picture that the browser sent, or None for an empty one, and for all that the pad does not send."""
    if not isinstance(sent, str) or len(sent) > MAX_LENGTH or not sent.startswith(PREFIX):
        return None
    try:
        content = base64.b64decode(sent.removeprefix(PREFIX), validate=True)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.size != (SIDE, SIDE) or image.mode != "RGBA":  # told by the header, before any pixel is unpacked
                return None
            chalk = np.asarray(image.getchannel("A"))
    except Exception:  # Pillow fails in many ways on a broken file, and nothing that a browser sends may fail a page
        return None
    return chalk if chalk.any() else None


_component = browser_component("draw_pad")
