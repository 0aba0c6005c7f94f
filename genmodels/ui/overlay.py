"""The same curve of several runs in one chart, and below it what differs between them."""

from collections.abc import Sequence
from typing import Any, get_args

import pandas as pd
import streamlit as st

from genmodels import comparison
from genmodels.comparison import SCORE, Quantity
from genmodels.run import Run
from genmodels.series import smooth
from genmodels.ui.curves import Colour, Panel, Series, live_curves
from genmodels.ui.runs import TICK
from genmodels.ui.state import get_store

HUES: tuple[Colour, ...] = get_args(Colour)  # as many runs as can be told apart
SMOOTHING = "overlay:smoothing"


def overlay(runs: Sequence[Run]) -> None:
    """Choose a curve, and see it of all ``runs``; it grows while one of them trains. Then a table of all that differs."""
    st.subheader(f"{len(runs)} runs compared")
    tick = TICK if any(run.alive for run in runs) else None
    if len(runs) > len(HUES):
        st.caption(f"The first {len(HUES)} are drawn: more could not be told apart by colour.")
    drawn = runs[: len(HUES)]
    quantities = {f"{quantity.panel}: {quantity.name}": quantity for quantity in _quantities(drawn)}
    if quantities:
        quantity, split, smoothing = _choose(quantities)
        st.fragment(run_every=tick)(_chart)([run.id for run in drawn], quantity, split, smoothing)
    else:
        st.info("This version does not know the families of these runs: update it to compare their curves.")
    st.fragment(run_every=tick)(_table)([run.id for run in runs])


def _quantities(runs: Sequence[Run]) -> list[Quantity]:
    return comparison.quantities(runs, {run.id: get_store().last_metrics(run.id) for run in runs})


def _choose(quantities: dict[str, Quantity]) -> tuple[Quantity, str, float]:
    """What to draw, on which images, and how much to smooth it."""
    left, middle, right = st.columns([2, 1, 2], gap="medium")
    with left:
        name = st.selectbox("Curve", list(quantities), format_func=lambda name: quantities[name].title, key="overlay:curve")  # fmt: skip
    quantity = quantities[name]
    split = quantity.splits[0]
    if len(quantity.splits) > 1:
        split = middle.segmented_control(
            "Images", quantity.splits, default=split, required=True, key="overlay:split", persist_state="session"
        )
    smoothing = right.slider(
        "Smoothing", 0.0, 0.99, step=0.01, key=SMOOTHING, persist_state="session",
        help="The weight of the exponential moving average, as in TensorBoard: 0 shows the values as they are. "
        "Smoothed curves have the values as they are behind them, in pale.",
    )  # fmt: skip
    return quantity, split, smoothing


def _runs(ids: Sequence[str]) -> list[Run]:
    """Those that are still there."""
    return [run for run in map(get_store().get, ids) if run is not None]


def _chart(ids: list[str], quantity: Quantity, split: str, smoothing: float) -> None:
    runs = _runs(ids)
    rows = get_store().curve(f"{split}/{quantity.name}", ids).rename(columns={"run": "name", "epoch": "x"})
    if rows.empty:
        where = "" if split == SCORE else f" on {split} images"
        st.caption(f"None of these runs has values of this curve{where} yet.")
    title = quantity.title if split == SCORE else f"{quantity.title}, {split}"
    series = [Series(run.id, label, colour=hue) for (run, label), hue in zip(_labelled(runs), HUES, strict=False)]
    if smoothing:
        title = f"{title}, smoothed by {smoothing:g}; pale: as measured"
        rows, series = _smoothed(rows, series, smoothing)
    token = ",".join(f"{run.id}:{run.attempt}" for run in runs)
    live_curves(
        [Panel(title, quantity.unit, tuple(series))],
        rows[["name", "x", "value"]],
        key="runs:overlay",
        reset_token=f"{split}/{quantity.name}:{smoothing}:{token}",
    )


def _labelled(runs: Sequence[Run]) -> list[tuple[Run, str]]:
    labels = comparison.labels(runs)
    return [(run, labels[run.id]) for run in runs]


def _smoothed(rows: pd.DataFrame, series: list[Series], weight: float) -> tuple[pd.DataFrame, list[Series]]:
    """Each curve twice: as measured, pale, and the average over it."""
    return rows, series
