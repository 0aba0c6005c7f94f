"""What is recorded of a training on the plane, moment by moment: small enough that a browser gets all of it. Free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genmodels.storage import arrays
from genmodels.storage.arrays import Form
from genmodels.toys.setup import FIELD_SIDE, FIELD_TIMES, PARTICLES, SOLVER_STEPS, SURFACE_SIDE

UNITS = 4096  # of places and velocities to one: they are whole numbers of 16 bits, from -8 to 8
SHADES = 255  # of a probability
SIZES = {"T": SOLVER_STEPS + 1, "P": PARTICLES, "F": FIELD_TIMES, "G": FIELD_SIDE**2, "S": SURFACE_SIDE**2, "X": 2}
NUMBERS = (
    "flow_energy", "diffusion_energy", "gan_energy", "noise_energy", "flow_detour", "diffusion_detour",
    "flow_loss", "diffusion_loss", "discriminator_loss", "generator_loss",
)  # fmt: skip
# M moments: after which steps they are, their numbers, and what is drawn of them.
FORMS = {
    "steps": Form(np.int32, "M"),
    "numbers": Form(np.float32, "MK"),
    "flow_ways": Form(np.int16, "MTPX"),
    "flow_field": Form(np.int16, "MFGX"),
    "diffusion_ways": Form(np.int16, "MTPX"),
    "diffusion_field": Form(np.int16, "MFGX"),
    "gan_points": Form(np.int16, "MPX"),
    "gan_pull": Form(np.int16, "MPX"),
    "gan_surface": Form(np.uint8, "MS"),
    "target": Form(np.int16, "NX"),  # held-out points
}
MOVING = tuple(name for name, form in FORMS.items() if form.axes[0] == "M")


@dataclass(frozen=True)
class Film:
    """The arrays of ``FORMS`` by name."""

    arrays: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.arrays["steps"])

    def number(self, name: str) -> np.ndarray:
        """One of ``NUMBERS`` at every moment, (M,)."""
        return self.arrays["numbers"][:, NUMBERS.index(name)]

    def thinned(self, moments: int) -> "Film":
        """So many of its moments, evenly over what there are, the first and the last among them."""
        kept = np.unique(np.linspace(0, len(self) - 1, moments).round().astype(int))
        return Film({name: array[kept] if name in MOVING else array for name, array in self.arrays.items()})

    def save(self, path: Path) -> None:
        arrays.save(path, None, (), **self.arrays)


def load(path: Path) -> Film | None:
    """None where there is no such file, or one that is no film."""
    found = arrays.load(path, FORMS, K=len(NUMBERS), **SIZES)
    return None if found is None else Film(found[0])


def whole(values: np.ndarray) -> np.ndarray:
    """Places or velocities as whole numbers; what lies outside of their bounds is put onto them."""
    return (np.nan_to_num(values) * UNITS).round().clip(-32768, 32767).astype(np.int16)
