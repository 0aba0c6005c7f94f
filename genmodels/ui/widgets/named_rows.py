"""Rows of images with their names: what differs from row to row is told before each."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from genmodels.ui.widgets.images import about, strip
from genmodels.ui.widgets.text import plain

CELL = 56  # pixels of one image's side, about


def named_rows(rows: Iterable[tuple[str, str, np.ndarray]]) -> None:
    """Draw them below each other, as wide as their place: of each its name, its description for those who do not see it, and its uint8
    images (N, C, H, W)."""
    with st.container(gap=None, key="named-rows"):
        for name, alt, images in rows:
            st.markdown(plain(name))
            strip(images, alt, scale=about(images, CELL), width="stretch")
