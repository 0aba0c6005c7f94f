"""Runs that were started together, to be compared: a sweep, or several models that were trained alike."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from genmodels.runs.run import Run

Kind = Literal["objectives", "pair", "three", "sweep"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def new_group(kind: Kind) -> str:
    """What runs that are started together now have in their ``group``: no others have the same."""
    return f"{kind}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Group:
    """``runs``: in the order in which they were started."""

    id: str
    runs: tuple[Run, ...]

    @property
    def key(self) -> str:
        """See ``key_of``."""
        return key_of(self.runs[0])

    @property
    def kind(self) -> str:
        """One of ``KINDS``, or what a later version has written."""
        return self.id.partition("-")[0]

    @property
    def created(self) -> float:
        return self.runs[0].created

    @property
    def alive(self) -> bool:
        return any(run.alive for run in self.runs)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(run.id for run in self.runs)


def groups(runs: Iterable[Run], kind: Kind | None = None) -> list[Group]:
    """The groups that ``runs`` are in, or those of one ``kind``, the newest first.

    A run is in a group with others of the same owner alone: a zip that names somebody else's group does not come into it.
    """
    found: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.created, run.id)):
        if run.group and kind in (None, run.group.partition("-")[0]):
            found.setdefault(key_of(run), []).append(run)
    together = [Group(members[0].group, tuple(members)) for members in found.values()]
    return sorted(together, key=lambda group: group.created, reverse=True)


def key_of(run: Run) -> str:
    """What tells the group of a run from others: empty where it is in none."""
    return f"{run.group} {run.owner}".rstrip() if run.group else ""


def group_of(run: Run, runs: Iterable[Run]) -> Group | None:
    """The group of ``run`` among ``runs``, of which it is one; None where it is in none."""
    return next((group for group in groups(runs) if run.id in group.ids), None)
