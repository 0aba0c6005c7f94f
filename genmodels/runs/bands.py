"""Runs that belong together as one curve: their mean, within a band from the lowest of them to the highest."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

from genmodels.runs.run import Run


def grouped(runs: Sequence[Run], of: Callable[[Run], Iterable[str]]) -> dict[str, list[Run]]:
    """Runs by the names of the groups that ``of`` says they are in, in the order of these names; one that is in none is left out."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        for name in of(run):
            groups.setdefault(name, []).append(run)
    return dict(sorted(groups.items()))


def band(curves: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Rows (x, mean, low, high) at each x of any of the ``curves``, which have rows (x, value), over those that reach it.

    Between two points of its own a curve is taken to be straight, before its first and after its last it counts for nothing. What is
    not finite is left out. Low and high are the least and the greatest of the curves, and no confidence interval.
    """
    numbers = (curve[["x", "value"]].astype(float) for curve in curves)  # one without rows may be of any type
    finite = [curve[np.isfinite(curve["x"]) & np.isfinite(curve["value"])].sort_values("x") for curve in numbers]
    known = [(curve["x"].to_numpy(float), curve["value"].to_numpy(float)) for curve in finite if len(curve)]
    if not known:
        return pd.DataFrame(columns=["x", "mean", "low", "high"], dtype=float)
    grid = np.unique(np.concatenate([x for x, _ in known]))
    values = np.stack([np.interp(grid, x, y, left=np.nan, right=np.nan) for x, y in known])  # (curves, points)
    # Curves may leave a gap between them, in which there is nothing.
    inside = np.isfinite(values).any(axis=0)
    grid, values = grid[inside], values[:, inside]
    return pd.DataFrame(
        {"x": grid, "mean": np.nanmean(values, 0), "low": np.nanmin(values, 0), "high": np.nanmax(values, 0)}
    )
