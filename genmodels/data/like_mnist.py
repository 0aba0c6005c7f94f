"""An own drawing or photograph of a digit, brought into the form of MNIST's."""

from __future__ import annotations

import numpy as np
from PIL import Image

FAINTEST = 25
"""An image without this much contrast, of 255, is empty: paper, noise, a shadow."""


def like_mnist(image: np.ndarray, side: int = 28) -> np.ndarray:
    """The digit on `image`, uint8 (H, W), as MNIST has it: uint8 (side, side), white on black.

    "The original black and white (bilevel) images were size normalized to fit in a 20x20 pixel box while preserving their aspect ratio. [...] the images
    were centered in a 28x28 image by computing the center of mass of the pixels, and translating the image so as to position this point at the
    center of the 28x28 field" (LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document recognition*, 1998). An encoder
    trained on such digits knows no others.

    The background is what the border shows, and the digit what stands out most from it: chalk or ink. An empty image gives zeros.
    Raises ``TypeError`` for another type or shape, ``ValueError`` for a mask of 0 and 1, which would be black all over.
    """
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 2:
        given = f"{image.dtype} {image.shape}" if isinstance(image, np.ndarray) else type(image).__name__
        raise TypeError(
            f"One grey image is needed here, uint8 (H, W) from 0 to 255, not {given}: convert it to such an array first."
        )
    if image.max(initial=0) == 1:
        raise ValueError(
            "A grey image from 0 to 255 is needed here, and this one reaches from 0 to 1: multiply it by 255 first."
        )
    ink = _ink(image)
    field = np.zeros((side, side), np.uint8)
    if ink.max(initial=0) < FAINTEST:
        return field
    digit = _fitted(_cropped(ink), box=round(side * 20 / 28))
    top, left = (
        # Centred on pixel side // 2, like MNIST's own. A digit of odd shape stays whole rather than exactly centred.
        int(np.clip(round(side / 2 - _mean_place(digit, axis)), 0, side - digit.shape[axis]))
        for axis in (0, 1)
    )
    field[top : top + digit.shape[0], left : left + digit.shape[1]] = np.rint(digit)
    return field


def _ink(image: np.ndarray) -> np.ndarray:
    """How much each pixel stands out from the border's level, beyond what the border itself varies: paper has a grain and shadows."""
    grey = image.astype(np.float32)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]) if grey.size else np.zeros(1)
    level = np.median(border)
    grain = 3 * np.median(np.abs(border - level))  # a median, for a stroke may touch the border
    dark = level - grey.min(initial=255) > grey.max(initial=0) - level
    return np.clip((level - grey if dark else grey - level) - grain, 0, 255)


def _cropped(ink: np.ndarray) -> np.ndarray:
    clear = ink > ink.max() / 8
    rows, columns = np.flatnonzero(clear.any(1)), np.flatnonzero(clear.any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _fitted(ink: np.ndarray, box: int) -> np.ndarray:
    """Scaled so that its longer side is `box`, and as bright as white at its brightest."""
    height, width = (max(1, round(length * box / max(ink.shape))) for length in ink.shape)
    scaled = np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.LANCZOS)).clip(0)
    return np.minimum(scaled * (255 / scaled.max()), 255)


def _mean_place(ink: np.ndarray, axis: int) -> float:
    return float(np.average(np.arange(ink.shape[axis]), weights=ink.sum(1 - axis)))
