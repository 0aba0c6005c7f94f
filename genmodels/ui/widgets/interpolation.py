"""A way through what a model can make: a strip of a few images on it, and a film of many."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from genmodels.language import _
from genmodels.latent.interpolation import gif
from genmodels.storage.image_grid import enlarged, grid
from genmodels.ui.widgets.images import strip

STRIP_FRAMES, GIF_FRAMES, GIF_SECONDS = 11, 48, 4.0

Images = Callable[[int], np.ndarray]  # how many -> so many uint8 images (N, C, H, W), evenly along the way


def way(images: Images, alt: str, file: str, frames: int = STRIP_FRAMES, a_row: int | None = None) -> None:
    """Draw the strip of so many ``frames``, ``a_row`` of them in one, and the button that keeps the film."""
    strip(images(frames), alt, columns=a_row, width="stretch")
    film_button(images, file)


def film_button(images: Images, file: str) -> None:
    """The film is made when it is asked for, and kept under the name ``file``."""
    st.download_button(
        _("Film (GIF)"), lambda: _animation(images), file, "image/gif", on_click="ignore", icon=":material/movie:"
    )


def _animation(images: Images) -> bytes:
    return gif([enlarged(grid(image[None]), 4) for image in images(GIF_FRAMES)], GIF_SECONDS)
