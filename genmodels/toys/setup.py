"""What is trained on the plane, and what of it is recorded: numbers that both the training and who draws it know. Free of torch."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from genmodels.toys.targets import Target

Pairs = Literal["random", "transport"]

STEPS = 2000  # of each of the models
MOMENTS = 60  # of the training that are recorded, the first before its first step
PARTICLES = 128  # whose ways are recorded
SOLVER_STEPS = 16  # of Heun's method from noise to data, each of which is recorded
FIELD_TIMES = 9  # from 0 to 1 at which the velocity field is recorded
EXTENT = 3.0  # of the recorded part of the plane, from the middle, in either direction
FIELD_SIDE = 11  # points of the grid of the velocity field
SURFACE_SIDE = 25  # points of the grid of the discriminator's answer


@dataclass(frozen=True)
class Setup:
    """What is to be learned and from which seed.

    pairs: which noise flow matching pairs with which data, any with any ("random"), or within each batch so that the sum of squared
    distances is least ("transport"; Pooladian et al. 2023, arXiv:2304.14772; Tong et al. 2024, arXiv:2302.00482).
    """

    target: Target = "moons"
    seed: int = 0
    pairs: Pairs = "random"
    steps: int = STEPS


def moments(steps: int) -> list[int]:
    """After which steps a moment is recorded: each of the first ones, when most happens, and less and less often."""
    return np.unique((steps * np.linspace(0, 1, MOMENTS) ** 2).round().astype(int)).tolist()


def grid(side: int) -> np.ndarray:
    """Points (side², 2) of the recorded part of the plane, in rows from the bottom to the top, each from left to right."""
    line = np.linspace(-EXTENT, EXTENT, side, dtype=np.float32)
    x, y = np.meshgrid(line, line)
    return np.stack([x.ravel(), y.ravel()], 1)
