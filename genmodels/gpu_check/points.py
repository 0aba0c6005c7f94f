"""The points of the check, in their order, by the name that ``--only`` takes. Free of torch."""

from collections.abc import Sequence
from dataclasses import dataclass

from genmodels.config.families import FAMILIES

MEASURED = ("vae", "dcgan")  # families whose speed is taken


@dataclass(frozen=True)
class Point:
    """function: ``module:name`` below this package; called with the session and the ``arguments``, it gives rows.

    seconds: that it should take at most on a card.
    """

    about: str
    function: str
    seconds: float
    arguments: tuple[str, ...] = ()


POINTS: dict[str, Point] = {
    **{f"step-{family}": Point("one step, as on the CPU", "agreement:check", 10, (family,)) for family in FAMILIES},
    "move": Point("resumed on the device, and on the CPU", "moving:check", 20),
    "repeat": Point("deterministic runs, twice", "repeating:repeat", 50),
    "kill": Point("killed and resumed", "repeating:kill", 30),
    "memory": Point("out of memory", "out_of_memory:check", 20),
    "queue": Point("two runs beside a process that draws", "queueing:check", 60),
    **{f"speed-{family}": Point("images a second", "speed:check", 150, (family,)) for family in MEASURED},
}


def chosen(names: Sequence[str]) -> dict[str, Point]:
    """Those of these names, and those of which one is the beginning, up to a hyphen; without any name, all."""
    return {
        point: each
        for point, each in POINTS.items()
        if not names or any(f"{point}-".startswith(f"{name}-") for name in names)
    }
