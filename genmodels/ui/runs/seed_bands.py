"""Curves of several runs as one: their mean, in a band from the lowest of them to the highest, and every single one in pale."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from genmodels.language import _, listed
from genmodels.runs.bands import band
from genmodels.ui.components.live_curves import Panel, Series

EDGES = {"mean": "", "low": ":lowest", "high": ":highest"}  # columns of ``band``, and what follows the name of the mean


def band_series(mean: Series, each: Sequence[Series] = ()) -> list[Series]:
    """The band around the curve ``mean``, then every single one of ``each`` and the mean, as they are drawn upon each other."""
    edges = [replace(mean, name=f"{mean.name}:{edge}", edge=edge) for edge in ("lowest", "highest")]
    return [*edges, *(replace(one, pale=True) for one in each), mean]


def band_rows(name: str, curves: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Rows (name, x, value) of the mean called ``name`` and of its band, over ``curves`` with rows (x, value)."""
    of_all = band(curves)
    for column, edge in EDGES.items():
        yield of_all.assign(name=name + edge, value=of_all[column])[["name", "x", "value"]]


def over_seeds(panel: Panel, runs: Mapping[str, pd.DataFrame]) -> tuple[Panel, pd.DataFrame]:
    """A panel of the curves of one run as one of several runs, and its rows (name, x, value); ``runs``: what each is called, and its
    rows of the same form."""
    series: list[Series] = []
    rows = [own.assign(name=f"{run}/" + own["name"])[["name", "x", "value"]] for run, own in runs.items()]
    for curve in panel.series:
        series += band_series(
            curve, [replace(curve, name=f"{run}/{curve.name}", label=listed((_(curve.label), run))) for run in runs]
        )
        rows += band_rows(curve.name, (own[own["name"] == curve.name] for own in runs.values()))
    series.sort(key=lambda one: not (one.pale or one.edge))  # behind the means
    return replace(panel, series=tuple(series)), pd.concat(rows, ignore_index=True)
