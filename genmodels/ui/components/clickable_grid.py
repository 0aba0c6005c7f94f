"""A picture of images in rows and columns, of which one can be pressed, with a pointer or with the keyboard."""

from __future__ import annotations

from typing import Any

import numpy as np

from genmodels.storage.image_grid import data_url, enlarged, grid
from genmodels.ui.components.serving import browser_component

WIDTH = 560
"""Pixels of the picture at least, so that a browser that fits it into its place does not blur it."""


def clickable_grid(images: np.ndarray, columns: int, alt: str, *, key: str) -> int | None:
    """Draw uint8 images (N, C, H, W) in rows of `columns`, as wide as their place.

    Returns the index of the image that was pressed just now, in the script that follows the press; None in all others.
    """
    picture = grid(images, columns)
    rows = -(-len(images) // columns)
    url = data_url(enlarged(picture, -(-WIDTH // picture.width)))
    data = {"picture": url, "columns": columns, "rows": rows, "alt": alt}
    return pressed(_component(key=key, data=data, on_pressed_change=lambda: None).pressed, len(images))


def pressed(sent: Any, count: int) -> int | None:
    """The index that the browser sent, or None for all that is not one of `count`."""
    return sent if type(sent) is int and 0 <= sent < count else None


_component = browser_component("clickable_grid")
