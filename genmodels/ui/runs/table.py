"""The table of all runs, with its filters and its selection."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from genmodels.config.families import FAMILIES
from genmodels.jobs import queue
from genmodels.runs.store import Run
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.widgets.run_states import STATES

TICK = 2.0  # seconds between two looks while something is training
SELECTED = "runs:selected"  # ids
SHOWN = "runs:shown"  # ids, in the order of the table's rows
MOUNT = "runs:mount"  # a number of the table; another one is a new table in the browser
TEXT, FAMILY, STATE = "runs:text", "runs:family", "runs:state"
# Of the states, under white text.
COLOURS = {"blue": "#2563eb", "green": "#18794e", "orange": "#b45309", "red": "#c62f35", "gray": "#6b6d78"}


def select_runs(ids: Sequence[str]) -> None:
    """Select these runs, and no others, when the table is drawn next; no filter hides them."""
    # By their values: the browser would keep what it shows if they were only forgotten.
    st.session_state.update({TEXT: "", FAMILY: None, STATE: [], SELECTED: list(ids), SHOWN: None})


def runs_table() -> list[Run]:
    """Draw it and return the selected runs; while something trains, the table alone looks again by itself."""
    store = get_store()
    queue.mark_interrupted(store)
    runs = store.runs()
    if damaged := store.damaged():
        st.warning(
            f"The run store was damaged. These runs came back from their folders, each with its curves as of its last "
            f"checkpoint at least; what was damaged is kept as {damaged[-1].name}. Remove that file, and this is no longer said.",
            icon=":material/healing:",
        )
    if not runs:
        st.info("There is no run yet. Train a first one in Part 1, or import one that was downloaded elsewhere.")
        st.page_link("pages/vae.py", label="Part 1: the variational autoencoder", icon=":material/compress:")
        return []
    wanted = _filters(runs)
    alive = [run.id for run in runs if run.alive]
    refresh_every(_table, TICK if alive else None)(wanted, alive)
    found = {run.id: run for run in runs}
    return [found[run] for run in st.session_state[SELECTED] if run in found]


@dataclass(frozen=True)
class Filter:
    """Which runs to show: all, where it says nothing."""

    text: str = ""
    family: str | None = None
    states: tuple[str, ...] = ()

    def fits(self, run: Run) -> bool:
        words = f"{run.name} {run.note} {run.id}".casefold()
        return (
            self.text.casefold().strip() in words
            and self.family in (None, run.config["family"])
            and (not self.states or run.state in self.states)
        )


def _filters(runs: Sequence[Run]) -> Filter:
    text, family, state = st.columns([2, 2, 3], vertical_alignment="bottom")
    families = sorted({run.config["family"] for run in runs})
    states = [state for state in STATES if any(run.state == state for run in runs)]
    return Filter(
        text.text_input("Search", placeholder="in names, notes and ids", key=TEXT),
        family.selectbox("Family", families, None, format_func=title_of, placeholder="all", key=FAMILY),
        tuple(state.multiselect("State", states, placeholder="all", key=STATE)),
    )


def title_of(family: str) -> str:
    """What a family is called; one that this version does not know, by the name in its config."""
    return FAMILIES[family].title if family in FAMILIES else family


def _table(wanted: Filter, alive_before: list[str]) -> None:
    store = get_store()
    queue.mark_interrupted(store)
    everything = store.runs()
    if [run.id for run in everything if run.alive] != alive_before:
        st.rerun()  # the whole page: the table starts, or stops, to look again by itself
    runs = sorted(filter(wanted.fits, everything), key=lambda run: not run.pinned)
    ids = [run.id for run in runs]
    before = st.session_state.setdefault(SELECTED, [])
    if ids != st.session_state.get(SHOWN):
        # Rows are selected by their number, so other rows need another table, which begins with the same runs selected.
        st.session_state[SHOWN] = ids
        st.session_state[MOUNT] = st.session_state.get(MOUNT, 0) + 1
    if not runs:
        st.caption("No run fits: change the search, the family or the state.")
        picked = []
    else:
        frame, columns = as_frame(runs, store.last_values(list(_judged_by(runs))))
        state = st.dataframe(
            frame,
            hide_index=True,
            column_config=columns,
            on_select="rerun",
            selection_mode="multi-row",
            selection_default={"selection": {"rows": [ids.index(run) for run in before if run in ids]}},
            key=f"runs:table:{st.session_state[MOUNT]}",
            alt="All runs",
        )
        picked = [ids[row] for row in state["selection"]["rows"]]
    if set(picked) != set(before):
        st.session_state[SELECTED] = picked
        st.rerun()


def _judged_by(runs: Sequence[Run]) -> dict[str, str]:
    """The first curve of each family, on test and on training images: its name in the store, and what a column calls it."""
    known = dict.fromkeys(run.config["family"] for run in runs if run.config["family"] in FAMILIES)
    curves = [FAMILIES[family].curves[0] for family in known]
    return {f"{split}/{curve.name}": f"{curve.label}, {split}" for curve in curves for split in ("test", "train")}


def as_frame(runs: Sequence[Run], last: dict[str, dict[str, float]]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A row for each run, and how its columns are shown. ``last``: the newest values of curves by run and name."""
    values = _last_values(runs, last)
    frame = pd.DataFrame(
        {
            "pinned": ["★" if run.pinned else "" for run in runs],
            "name": [run.name for run in runs],
            "state": [[run.state] for run in runs],
            "progress": [100 * run.share for run in runs],
            **values,
            "health": [run.health for run in runs],
            "family": [run.config["family"].upper() for run in runs],
            "data": [run.config.get("dataset", "") for run in runs],
            "device": [(run.environment or {}).get("device") or run.device for run in runs],
            "trained": [run.seconds / 60 for run in runs],
            "started": pd.to_datetime([run.created for run in runs], unit="s", utc=True),
            "note": [run.note for run in runs],
        }
    )
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        "pinned": st.column_config.TextColumn("★", width=40, help="Pinned runs come first."),
        "name": st.column_config.TextColumn("Name", width=200),
        "state": st.column_config.MultiselectColumn(
            "State", options=list(STATES), color=[COLOURS[colour] for _, colour in STATES.values()], width=120
        ),
        "progress": st.column_config.ProgressColumn("Progress", format="%.0f%%", min_value=0, max_value=100, width=130),
        "health": st.column_config.TextColumn(
            "Health",
            width=110,
            help="What is wrong with the run, if anything; its page says what to try. Empty where none has looked.",
        ),
        "family": st.column_config.TextColumn("Family", width=80),
        "data": st.column_config.TextColumn("Data", width=115),
        "device": st.column_config.TextColumn("Device", width=110),
        "trained": number("Trained, min", format="%.1f", width=95),
        "started": st.column_config.DatetimeColumn("Started", format="D MMM YYYY, HH:mm", width=150),
        "note": st.column_config.TextColumn("Note", width=220),
    }
    return frame, columns | {name: number(name, format="%.2f", width=135) for name in values}


def _last_values(runs: Sequence[Run], last: dict[str, dict[str, float]]) -> dict[str, list[float]]:
    """A column for each curve that some run has a value of; on training images where there are no test images."""
    columns: dict[str, list[float]] = {}
    for name, title in _judged_by(runs).items():
        values = [last.get(run.id, {}).get(name, math.nan) for run in runs]
        if any(map(math.isfinite, values)) and title.replace(", train", ", test") not in columns:
            columns[title] = values
    return columns
