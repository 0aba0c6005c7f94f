"""Distributions of the plane to be learned, all within [-2, 2], of a spread about that of standard normal noise."""

from typing import Literal

import numpy as np

from genmodels.language import N_

Target = Literal["moons", "rings", "spiral", "drawing"]

REACH = 2.0  # of all targets from the middle, in either direction
TURNS = 1.75  # of the spiral


def points(target: Target, n: int, rng: np.random.Generator, drawing: np.ndarray | None = None) -> np.ndarray:
    """n independent points (n, 2), float32.

    ``drawing``: (H, W) for the target of that name, the brighter the more points, as much as there is of [-2, 2] in both
    directions. Raises ``ValueError`` for one on which there is nothing.
    """
    if target == "drawing":
        if drawing is None or not drawing.any():
            raise ValueError(N_("Nothing is drawn: draw where points are to be."))
        found = _of_picture(drawing, n, rng)
    else:
        found = {"moons": _moons, "rings": _rings, "spiral": _spiral}[target](n, rng)
    return found.astype(np.float32)


def _moons(n: int, rng: np.random.Generator) -> np.ndarray:
    from sklearn.datasets import make_moons

    found, _ = make_moons(n, noise=0.06, random_state=_number(rng))
    return 1.2 * (found - [0.5, 0.25])


def _rings(n: int, rng: np.random.Generator) -> np.ndarray:
    from sklearn.datasets import make_circles

    found, _ = make_circles(n, noise=0.04, factor=0.45, random_state=_number(rng))
    return 1.6 * found


def _spiral(n: int, rng: np.random.Generator) -> np.ndarray:
    along = np.sqrt(rng.uniform(0.02, 1, n))  # as dense outside as inside
    angle = 2 * np.pi * TURNS * along
    arm = 1.8 * along[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    return arm + rng.normal(0, 0.05, (n, 2))


def _of_picture(drawing: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    height, width = drawing.shape
    weights = drawing.astype(float).ravel()
    rows, columns = np.divmod(rng.choice(weights.size, n, p=weights / weights.sum()), width)
    within = rng.uniform(size=(2, n))  # the pixel
    x, y = (columns + within[0]) / width, (rows + within[1]) / height
    return REACH * np.stack([2 * x - 1, 1 - 2 * y], 1)


def _number(rng: np.random.Generator) -> int:
    """A seed for what takes no generator."""
    return int(rng.integers(2**31))
