"""What the layers of a network give, as pictures: black at 0, orange above, blue below."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from genmodels.storage.image_grid import grid

FULL = 99  # the percentile of a layer's absolute values from which on colours are full
ORANGE, BLUE = np.array([255, 150, 40]), np.array([60, 150, 255])
FRAME = 2  # pixels that the frame around a part of an image is wide
SMALL, SMALL_A_ROW = 8, 4  # maps in a small picture of a layer
WIDE, SHORT = 4, 16  # how many times as wide as high units are drawn, and how many of them in a single row


def coloured(maps: np.ndarray) -> np.ndarray:
    """(C, H, W) -> uint8 (C, 3, H, W): full orange from a high percentile of all absolute values on, full blue below."""
    full = np.percentile(np.abs(maps), FULL) or 1.0  # where nearly all are 0
    share = (maps / full)[..., None]
    colours = share.clip(0, 1) * ORANGE + (-share).clip(0, 1) * BLUE
    return colours.round().astype(np.uint8).transpose(0, 3, 1, 2)


def as_maps(output: np.ndarray) -> np.ndarray:
    """What a layer gives for an image: maps (C, H, W) as they are, and units (N,) as one map, row by row, 0 where there is none."""
    if output.ndim == 3:
        return output
    columns = len(output) if len(output) <= SHORT else round((WIDE * len(output)) ** 0.5)
    rows = -(-len(output) // columns)
    return np.pad(output, (0, rows * columns - len(output))).reshape(1, rows, columns)


def small(output: np.ndarray) -> Image.Image:
    """The first maps of a layer, or all its units: maps (C, H, W) or units (N,)."""
    maps = as_maps(output)[:SMALL]
    return grid(coloured(maps), columns=min(SMALL_A_ROW, len(maps)), gap=1)


def columns_within(maps: Sequence[np.ndarray] | np.ndarray, width: int, height: int) -> tuple[int, int]:
    """The columns, and the whole number of screen pixels for one of a map, that fill so many screen pixels best; maps (C, H, W)."""
    count, (rows, columns) = len(maps), maps[0].shape[-2:]

    def scale(a_row: int) -> int:
        return min(width // (a_row * columns), height // (-(-count // a_row) * rows))

    best = max(range(1, count + 1), key=lambda a_row: (scale(a_row), a_row))
    return best, max(1, scale(best))


def framed(images: np.ndarray, boxes: np.ndarray, scale: int) -> np.ndarray:
    """Enlarged images, uint8 (N, 3, H, W), with a frame around the part of each box that lies in it.

    images: uint8 (N, C, H, W); boxes: (N, 4), pixels as top, left, bottom, right.
    """
    colour = np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images
    pictures = colour.repeat(scale, -2).repeat(scale, -1)
    for picture, box in zip(pictures, boxes.clip(0, images.shape[-1]) * scale, strict=True):
        top, left, bottom, right = box
        seen = picture[:, top + FRAME : bottom - FRAME, left + FRAME : right - FRAME].copy()
        picture[:, top:bottom, left:right] = ORANGE[:, None, None]
        picture[:, top + FRAME : bottom - FRAME, left + FRAME : right - FRAME] = seen
    return pictures
