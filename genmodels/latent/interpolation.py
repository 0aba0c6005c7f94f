"""Ways through a space of codes, and films of what lies on them. Free of torch."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image


def linear(start: np.ndarray, end: np.ndarray, n: int) -> np.ndarray:
    """``n`` codes evenly on the straight line from ``start`` to ``end``, both included; (D,), (D,) -> (n, D)."""
    share = np.linspace(0, 1, n)[:, None]
    return (1 - share) * start + share * end


def spherical(start: np.ndarray, end: np.ndarray, n: int) -> np.ndarray:
    """``n`` codes on the arc from ``start`` to ``end`` at even angles (Shoemake 1985, equation for slerp); (D,), (D,) -> (n, D).

    Normal noise of many dimensions lies near a sphere, whose inside a straight line would cross (White 2016,
    arXiv:1609.04468). Lengths go evenly from one to the other; where there is no arc, the way is straight.
    scipy's ``geometric_slerp`` takes unit vectors alone, of two dimensions and more.
    """
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    if min(lengths) == 0:
        return linear(start, end, n)
    first, last = start / lengths[0], end / lengths[1]
    angle = np.arccos(np.clip(first @ last, -1, 1))
    if np.sin(angle) < 1e-6:
        return linear(start, end, n)
    share = np.linspace(0, 1, n)[:, None]
    directions = (np.sin((1 - share) * angle) * first + np.sin(share * angle) * last) / np.sin(angle)
    return directions * np.linspace(*lengths, n)[:, None]


def gif(frames: Sequence[Image.Image], seconds: float) -> bytes:
    """A film of pictures of one size that takes so long, stands still at its last one, and begins again."""
    each = max(20, round(1000 * seconds / len(frames)))
    buffer = io.BytesIO()
    durations = [each] * (len(frames) - 1) + [max(each, 1500)]
    frames[0].save(
        buffer, format="gif", save_all=True, append_images=list(frames[1:]), duration=durations, loop=0, optimize=False
    )
    return buffer.getvalue()
