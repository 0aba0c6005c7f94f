"""The images that are selected on the map of the latent space, or examples of them."""

import numpy as np
import streamlit as st

from genmodels.latent.codes import Codes
from genmodels.ui.widgets.images import strip

SHOWN, A_ROW = 24, 12  # of the selected images
WITH_NEIGHBOURS, NEIGHBOURS = 8, 8
KEYS = (
    "With the keyboard: arrows move a cross, Enter selects the point there, Shift+Enter the box since the last Enter."
)


def selection(codes: Codes, picked: np.ndarray) -> None:
    """Draw the images of the indices ``picked`` (M,) with their reconstructions and neighbours; ``examples`` where there are none."""
    if len(picked):
        more = f", the first {SHOWN} shown" if len(picked) > SHOWN else ""
        st.markdown(f"**{len(picked):,} selected**{more}")
    else:
        st.markdown("Click on a point, or draw around some, to see the images there.", help=KEYS)
        picked = examples(codes)
    shown = picked[:SHOWN]
    st.caption("Images, and below each what the decoder makes of its code")
    for row in np.array_split(shown, -(-len(shown) // A_ROW)):
        pair = np.concatenate([codes.images[row], codes.reconstructions[row]])
        listed = ", ".join(map(str, row))
        strip(pair, f"Images {listed} over their reconstructions", columns=len(row), width="stretch")
    some = picked[:WITH_NEIGHBOURS]
    st.caption(f"The first {len(some)}, each with its nearest neighbours in latent space")
    rows = [
        np.concatenate([[index], near]) for index, near in zip(some, codes.neighbours(some, NEIGHBOURS), strict=True)
    ]
    alt = f"Images {', '.join(map(str, some))}, each with its neighbours"
    strip(codes.images[np.concatenate(rows)], alt, columns=len(rows[0]), width="stretch")


def examples(codes: Codes) -> np.ndarray:
    """The indices of some images: the first of each class, or, without labels, the first of all."""
    if codes.labels is None:
        return np.arange(min(A_ROW, len(codes)))
    return np.unique(codes.labels, return_index=True)[1][:A_ROW]
