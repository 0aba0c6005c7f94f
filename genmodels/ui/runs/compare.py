"""The same curve of several runs in one chart, and below it what differs between them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pandas as pd
import streamlit as st

from genmodels.runs import comparison
from genmodels.runs.comparison import SCORE, Last, Quantity
from genmodels.runs.run import Run
from genmodels.runs.smoothing import smooth
from genmodels.ui.components.live_curves import Colour, Panel, Series, live_curves
from genmodels.ui.runs.table import TICK
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every

HUES: tuple[Colour, ...] = get_args(Colour)  # as many runs as can be told apart
SMOOTHING = "overlay:smoothing"
MOST_SMOOTHING = 0.99
AVERAGE = ":average"  # follows the name of a curve in the name of its average


def overlay(runs: Sequence[Run]) -> None:
    """Choose a curve, and see it of all ``runs``; it grows while one of them trains. Then a table of all that differs."""
    st.subheader(f"{len(runs)} runs compared")
    tick = TICK if any(run.alive for run in runs) else None
    if len(runs) > len(HUES):
        st.caption(f"The first {len(HUES)} are drawn: more could not be told apart by colour.")
    drawn = runs[: len(HUES)]
    quantities = {quantity.title: quantity for quantity in comparison.quantities(drawn, _last(drawn))}
    if quantities:
        refresh_every(_chart, tick)([run.id for run in drawn], *_choose(quantities))
    else:
        st.info("This version does not know the families of these runs: update it to compare their curves.")
    refresh_every(_table, tick)([run.id for run in runs])


def compared(runs: Sequence[Run]) -> pd.DataFrame:
    """What differs between ``runs``, and what came out of each, as ``comparison.table``."""
    return comparison.table(runs, _last(runs))


def _last(runs: Sequence[Run]) -> Last:
    return {run.id: get_store().last_metrics(run.id) for run in runs}


def _choose(quantities: dict[str, Quantity]) -> tuple[Quantity, str, float]:
    """What to draw, on which images, and how much to smooth it."""
    left, right = st.columns([3, 2], gap="medium")
    with left.container(horizontal=True):
        quantity = quantities[st.selectbox("Curve", list(quantities), key="overlay:curve")]
        split = quantity.splits[0]
        if len(quantity.splits) > 1:
            split = st.segmented_control(
                "Images", quantity.splits, default=split, required=True, key="overlay:split", persist_state="session"
            )
    smoothing = right.slider(
        "Smoothing",
        0.0,
        MOST_SMOOTHING,
        step=0.01,
        key=SMOOTHING,
        persist_state="session",
        help="Weight of the exponential moving average, as in TensorBoard. At 0 you see the values as they were measured; "
        "above, the average, with the values in pale behind it.",
    )
    return quantity, split, smoothing


def _chart(ids: list[str], quantity: Quantity, split: str, smoothing: float) -> None:
    runs = get_store().get_many(ids)
    names = comparison.labels(runs)
    rows = get_store().curve(f"{split}/{quantity.name}", ids).rename(columns={"run": "name", "epoch": "x"})
    if rows.empty:
        where = "" if split == SCORE else f" on {split} images"
        st.caption(f"None of these runs has values of this curve{where} yet: choose another curve.")
    series = [Series(run.id, names[run.id], colour=hue) for run, hue in zip(runs, HUES, strict=False)]
    title = quantity.titled(split)
    if smoothing:
        title = f"{title}, smoothed by {smoothing:g}; in pale, as measured"
        rows, series = _with_averages(rows, series, smoothing)
    token = ",".join(f"{run.id}:{run.attempt}" for run in runs)
    live_curves(
        [Panel(title, quantity.unit, tuple(series), of=" and ".join(names.values()))],
        rows[["name", "x", "value"]],
        key="runs:overlay",
        reset_token=f"{split}/{quantity.name}:{smoothing}:{token}",
    )


def _with_averages(rows: pd.DataFrame, series: Sequence[Series], weight: float) -> tuple[pd.DataFrame, list[Series]]:
    """Each curve twice: as measured, in pale, and its average above it. Each row is followed by its average, so that rows
    which come later come last."""
    values = rows.groupby("name")["value"].transform(smooth, weight)
    averages = rows.assign(name=rows["name"] + AVERAGE, value=values)
    pale = [replace(one, pale=True) for one in series]
    return (
        pd.concat([rows, averages]).sort_index(kind="stable"),
        [*pale, *(replace(one, name=one.name + AVERAGE) for one in series)],
    )


def _table(ids: list[str]) -> None:
    """The settings that differ, and what came out."""
    runs = get_store().get_many(ids)
    table = compared(runs)
    if comparison.differences(runs).empty:
        st.caption("All settings of these runs are the same.")
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        str(title): number(format="%.5g") for title in table if pd.api.types.is_float_dtype(table[title])
    }
    st.dataframe(
        table,
        hide_index=True,
        column_config=columns | {"name": st.column_config.TextColumn("Name", width=200, pinned=True)},
        key="runs:differences",
        placeholder="",
        alt="Settings that differ, and scores",
    )
