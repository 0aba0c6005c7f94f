"""What a point of the check has found."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["passed", "failed", "skipped"]


class Skipped(Exception):
    """A point that makes no sense here; the message says why, without a full stop."""


@dataclass(frozen=True)
class Figure:
    """A number that was measured, its unit, and the bounds that it has to keep, both included."""

    value: float
    unit: str = ""
    least: float = -math.inf
    most: float = math.inf

    @property
    def holds(self) -> bool:
        """Whether it is within its bounds; what is not finite is within none."""
        return math.isfinite(self.value) and self.least <= self.value <= self.most

    @property
    def bound(self) -> str:
        """In words; empty where there is none."""
        if self.least == self.most:
            return f"exactly {self.most:,.4g}"
        bounds = [("at least", self.least), ("at most", self.most)]
        return ", ".join(f"{words} {bound:,.4g}" for words, bound in bounds if math.isfinite(bound))


@dataclass(frozen=True)
class Row:
    """``what`` was looked at, and the figures by name; or why it was skipped, or how it failed, as one sentence."""

    what: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    skipped: str = ""
    failed: str = ""

    @property
    def state(self) -> State:
        if self.skipped:
            return "skipped"
        return "failed" if self.failed or not all(figure.holds for figure in self.figures.values()) else "passed"
