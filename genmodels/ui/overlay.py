"""The same curve of several runs in one chart."""

from collections import Counter
from collections.abc import Sequence
from typing import get_args

import streamlit as st

from genmodels.config import Curve
from genmodels.families import FAMILIES
from genmodels.store import Run
from genmodels.ui.curves import Colour, Panel, Series, live_curves
from genmodels.ui.runs import TICK
from genmodels.ui.state import get_store

HUES: tuple[Colour, ...] = get_args(Colour)  # as many runs as can be told apart


def overlay(runs: Sequence[Run]) -> None:
    """Choose a curve, and see it of all ``runs``; it grows while one of them trains."""
    st.subheader(f"{len(runs)} runs compared")
    if len(runs) > len(HUES):
        st.caption(f"The first {len(HUES)} are drawn: more could not be told apart by colour.")
        runs = runs[: len(HUES)]
    curves = {
        curve.name: curve
        for family in dict.fromkeys(run.config["family"] for run in runs)
        if family in FAMILIES
        for curve in FAMILIES[family].curves
    }
    if not curves:
        st.info("This version does not know the families of these runs: update it to compare them.")
        return
    left, right = st.columns([2, 1])
    with left:
        name = st.selectbox("Curve", list(curves), format_func=lambda name: curves[name].label, key="overlay:curve")
    split = "train"
    if curves[name].test:
        split = right.segmented_control(
            "Images", ["test", "train"], default="test", required=True, key="overlay:split", persist_state="session"
        )
    alive = any(run.alive for run in runs)
    st.fragment(run_every=TICK if alive else None)(_chart)([run.id for run in runs], curves[name], split)


def _chart(ids: list[str], curve: Curve, split: str) -> None:
    found = {run: get_store().get(run) for run in ids}
    runs = [run for run in found.values() if run is not None]
    names = Counter(run.name for run in runs)
    series = tuple(
        Series(run.id, run.name if names[run.name] == 1 else f"{run.name} ({run.id.rpartition('-')[2]})", colour=hue)
        for run, hue in zip(runs, HUES, strict=False)
    )
    rows = get_store().curve(f"{split}/{curve.name}", ids).rename(columns={"run": "name", "epoch": "x"})
    if rows.empty:
        st.caption(f"None of these runs has values of this curve on {split} images yet.")
    token = ",".join(f"{run.id}:{run.attempt}" for run in runs)
    live_curves(
        [Panel(f"{curve.label}, {split}", curve.unit, series)],
        rows[["name", "x", "value"]],
        key="runs:overlay",
        reset_token=f"{split}/{curve.name}:{token}",
    )
