"""What a run was before it began: the curves of the runs whose weights it carries on, drawn before its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from genmodels.checkpoints.integrity import START, steps
from genmodels.language import _
from genmodels.runs.run import Run
from genmodels.ui.components.live_curves import Panel
from genmodels.ui.models.shared import shared
from genmodels.ui.session import get_store
from genmodels.ui.training.rows import rows_of

MOST = 20  # runs, one after the other
MOST_PASTS = 64  # kept for all viewers
LONGEST_NAME = 40  # characters in a legend
BEFORE = "before/"  # begins the name of such a curve


@dataclass(frozen=True)
class Past:
    """``rows`` (name, x, value): of those runs, one behind the other; ``epochs`` that they trained; ``name``: of the last of them;
    ``token``: tells them from others."""

    rows: pd.DataFrame
    epochs: float = 0.0
    name: str = ""
    token: str = ""

    def before(self, panel: Panel, *, named: bool = True) -> Panel:
        """``panel`` with what was before, in pale, where there was any; ``named``: whether its legend has room for the name."""
        known = {*self.rows["name"]}
        label = _("before: {name}", name=self.name) if named else _("before")
        past = [
            replace(series, name=BEFORE + series.name, label=label, help="", past=True)
            for series in panel.series
            if BEFORE + series.name in known
        ]
        return replace(panel, series=(*past, *panel.series))

    def then(self, rows: pd.DataFrame) -> pd.DataFrame:
        """What was before, and behind it the run's own ``rows`` (name, x, value), whose axis goes on."""
        if self.rows.empty:
            return rows
        own = rows[["name", "x", "value"]]
        return pd.concat([self.rows, own.assign(x=own["x"] + self.epochs)], ignore_index=True)


NOTHING = Past(
    pd.DataFrame({"name": pd.Series(dtype=str), "x": pd.Series(dtype=float), "value": pd.Series(dtype=float)})
)


def past_of(run: Run) -> Past:
    """Of a run that began anew, or whose origin is gone, there is none."""
    origins = tuple(_origins(run))
    return _past(tuple((origin.id, origin.attempt, step) for origin, step in origins), origins) if origins else NOTHING


def _origins(run: Run) -> Iterator[tuple[Run, int]]:
    """The run whose weights it began with, and of which step they were; then the same of that one, and so on."""
    store = get_store()
    for _generation in range(MOST):
        origin = store.get(run.parent) if run.parent else None
        step = max(steps(store.folder(run.id) / START), default=0)
        if origin is None or not (step and origin.step):
            return
        yield origin, step
        run = origin


@shared(MOST_PASTS, lambda past: 1, key=lambda which, origins: which)
def _past(which: tuple[tuple[str, int, int], ...], origins: tuple[tuple[Run, int], ...]) -> Past:
    parts, epochs = [], 0.0
    for origin, step in reversed(origins):
        rows = rows_of(origin)
        own = rows[rows["step"] <= step]
        parts.append(pd.DataFrame({"name": BEFORE + own["name"], "x": own["epoch"] + epochs, "value": own["value"]}))
        epochs += origin.epoch * step / origin.step
    name = origins[0][0].name
    short = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return Past(
        pd.concat(parts, ignore_index=True), epochs, short, ",".join(f"{run}@{step}" for run, _attempt, step in which)
    )
