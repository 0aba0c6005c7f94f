"""What a prepared experiment is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genmodels.language import N_, Message


@dataclass(frozen=True)
class Sign:
    """Where it shows: the last value of a curve, by its name in the store, within bounds.

    ``says``: what the curve is called; ``measured``: its last value where the experiment was played as it stands here.
    """

    curve: str
    says: str
    measured: float
    least: float = -math.inf
    most: float = math.inf

    def holds(self, value: float) -> bool:
        return self.least <= value <= self.most

    @property
    def expected(self) -> Message:
        """The bounds in words."""
        least, most = N_("at least {bound:g}", bound=self.least), N_("at most {bound:g}", bound=self.most)
        if math.isfinite(self.least) and math.isfinite(self.most):
            return N_("{least} and {most}", least=least, most=most)
        return least if math.isfinite(self.least) else most


@dataclass(frozen=True)
class Experiment:
    """A set-up that shows one thing.

    name: in lists of this family, and on the command line of the benchmark that plays it. title; see: what is to be seen and
    why, Markdown. changed: the settings that make it, by the names of the config; beside: those that only keep it short, or
    that belong to what it is compared with. signs: where it shows. alarm: the kind of finding that is right, see
    ``training.diagnosis``; empty where the run is to have none. seconds: of one CPU core, which it took. against: the name
    of the experiment to compare it with.
    """

    name: str
    title: str
    see: str
    changed: Mapping[str, Any]
    beside: Mapping[str, Any]
    signs: tuple[Sign, ...]
    seconds: float
    alarm: str = ""
    against: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """All settings that are not the form's defaults."""
        return {**self.beside, **self.changed}
