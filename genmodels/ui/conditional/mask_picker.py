"""Which part of a picture the visitor hides: a half, a box, or what he or she paints over."""

import numpy as np
import streamlit as st
from PIL import Image

from genmodels.language import N_, _
from genmodels.storage.image_grid import grid
from genmodels.ui.components.draw_pad import draw_pad

HALVES = (N_("Upper half"), N_("Lower half"), N_("Left half"), N_("Right half"))
BOX, BRUSH = N_("Box"), N_("Brush")
TINT = np.array([245, 133, 24], np.uint8)  # of what is hidden; BRUSH in components/draw_pad.js


def pick_mask(image: np.ndarray) -> np.ndarray:
    """Draw the choice; which pixels of ``image``, uint8 (C, H, W), are to be hidden, bool (H, W)."""
    way = st.selectbox(_("Hide"), (*HALVES, BOX, BRUSH), format_func=_, key="hidden:way", persist_state="session")
    side = image.shape[-1]
    if way == BOX:
        return box(side, _range(N_("Rows"), side), _range(N_("Columns"), side))
    if way == BRUSH:
        st.caption(_("Paint over what is to be hidden."))
        return painted(draw_pad("hidden:pad", grid(image[None])), side)
    return half(side, way)


def _range(title: str, side: int) -> tuple[int, int]:
    quarter = side // 4
    return st.slider(
        _(title), 0, side, (quarter, side - quarter), key=f"hidden:{title}:{side}", persist_state="session",
        help=_("From the first hidden one up to the first that is shown again."),
    )  # fmt: skip


def half(side: int, which: str) -> np.ndarray:
    """One of ``HALVES`` of a square picture: bool (side, side)."""
    middle = side // 2
    return {
        "Upper half": box(side, (0, middle), (0, side)),
        "Lower half": box(side, (middle, side), (0, side)),
        "Left half": box(side, (0, side), (0, middle)),
        "Right half": box(side, (0, side), (middle, side)),
    }[which]


def box(side: int, rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    """What lies in these rows and columns, the ends not included: bool (side, side)."""
    hidden = np.zeros((side, side), bool)
    hidden[slice(*rows), slice(*columns)] = True
    return hidden


def painted(drawing: np.ndarray | None, side: int) -> np.ndarray:
    """Every pixel that a drawing, uint8 (H, W), touches: bool (side, side)."""
    if drawing is None:
        return np.zeros((side, side), bool)
    touched = Image.fromarray(np.where(drawing > 0, np.uint8(255), np.uint8(0)))
    return np.asarray(touched.resize((side, side), Image.Resampling.BOX)) > 0


def tinted(image: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """A picture, uint8 (C, H, W), with its hidden part in one flat colour: uint8 (3, H, W)."""
    return np.where(hidden, TINT[:, None, None], image)
