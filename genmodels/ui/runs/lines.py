"""The lines of the table of all runs: each is a run, or a group of runs, which can be opened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from genmodels.language import _, listed
from genmodels.language.message import on_canvas
from genmodels.runs.groups import groups
from genmodels.runs.run import Run
from genmodels.runs.variants import title

INSIDE = "\u2003"  # before the name of a run of an open group


@dataclass(frozen=True)
class Line:
    """``key``: the id of its run, or the group's key; ``rows``: of its runs in a table of runs; ``name``: of a group."""

    key: str
    rows: tuple[int, ...]
    name: str = ""
    inside: bool = False


def lines(runs: Sequence[Run], order: Sequence[int], opened: Collection[str]) -> list[Line]:
    """The lines of ``runs`` in the ``order`` of their rows; a group of several stands where its first run would, and, where it is
    among ``opened``, its runs below it."""
    together = {run.id: group for group in groups(runs) if len(group.runs) > 1 for run in group.runs}
    found: dict[str, Line] = {}
    inside: dict[str, list[Line]] = {}
    for row in order:
        run = runs[row]
        group = together.get(run.id)
        if group is None:
            found[run.id] = Line(run.id, (row,))
            continue
        before = found.get(group.key)
        rows = (*(before.rows if before else ()), row)
        named = before.name if before else _("{title} ({n} runs)", title=title(group.runs), n=len(group.runs))
        found[group.key] = Line(group.key, rows, named)
        inside.setdefault(group.key, []).append(Line(run.id, (row,), inside=True))
    return [line for key, head in found.items() for line in (head, *(inside.get(key, ()) if key in opened else ()))]


def names(runs: Sequence[Run]) -> list[str]:
    """What the line says that each of ``runs`` is in, when groups are closed."""
    called = {row: line.name for line in lines(runs, range(len(runs)), ()) for row in line.rows if line.name}
    return [called.get(row, run.called) for row, run in enumerate(runs)]


def folded(frame: pd.DataFrame, drawn: Sequence[Line], curves: Collection[str]) -> pd.DataFrame:
    """A row for each line of a ``frame`` that has one for each run: of a group, what its runs have in common, and the mean of each of
    the ``curves``."""
    columns = {}
    for column in frame:
        cells = frame[column]
        values = [_cell(str(column), cells, line, column in curves) for line in drawn]
        columns[column] = pd.Series(values, dtype=cells.dtype)
    return pd.DataFrame(columns)


def _cell(column: str, cells: pd.Series, line: Line, is_curve: bool) -> Any:
    own = cells.iloc[list(line.rows)]
    if column == "name" and (line.name or line.inside):
        return on_canvas(line.name) if line.name else INSIDE + own.iloc[0]
    if len(own) == 1:
        return own.iloc[0]
    if is_curve or column in ("progress", "epochs"):
        return own.mean()
    if column == "trained":
        return own.sum()
    if column == "started":
        return own.min()
    if column == "state":
        return list(dict.fromkeys(state for states in own for state in states))
    if column == "tags":
        return [tag for tag in own.iloc[0] if all(tag in tags for tags in own)]
    if column == "health":
        return listed(dict.fromkeys(filter(None, own)))
    first = own.iloc[0]
    if all(value is first or value == first for value in own if not pd.isna(value)) and not own.isna().any():
        return first
    return None if cells.dtype != object and not pd.api.types.is_string_dtype(cells) else ""
