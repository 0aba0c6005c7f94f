"""The table of all runs and its selection, which is of runs and not of rows: it outlives search, filter and order."""

from collections.abc import Sequence

import streamlit as st

from genmodels.jobs import queue
from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.ui.access.whose import shown
from genmodels.ui.runs.columns import as_frame, choose_columns, in_order, names_of, sort_by_header
from genmodels.ui.runs.filters import NO_FILTER, Filter, filters
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every

TICK = 2.0  # seconds between two looks while something is training
SELECTED = "runs:selected"  # ids, in the order in which they were selected
SHOWN = "runs:shown"  # ids, in the order of the rows that the browser has
TABLE = "runs:rows"  # the widget, whose selection is of rows
HEADER, ROW, MOST_ROWS = 37, 35, 6  # pixels; rows that are seen at once, so that the curves below are seen too


def select_runs(ids: Sequence[str]) -> None:
    """Select these runs, and no others, when the table is drawn next; no filter hides them."""
    # By their values: the browser would keep what it shows if they were only forgotten.
    st.session_state.update(NO_FILTER | {SELECTED: list(ids)})


def selected_runs() -> list[Run]:
    """The runs that are selected; those that are no longer there are not any more."""
    runs = get_store().get_many(st.session_state.get(SELECTED, []))
    st.session_state[SELECTED] = [run.id for run in runs]
    return runs


def all_runs() -> list[Run]:
    """All there are, newest first. Says so where the store was damaged."""
    store = get_store()
    queue.mark_interrupted(store)
    if damaged := store.damaged():
        st.warning(
            _(
                "The run store was damaged. These runs came back from their folders, each with its curves as of its "
                "last checkpoint at least; what was damaged is kept as {name}. Remove that file, and this is no "
                "longer said.",
                name=damaged[-1].name,
            ),
            icon=":material/healing:",
        )
    return shown(store.runs(), st.session_state.get(SELECTED, ()))


def runs_table(runs: Sequence[Run]) -> list[Run]:
    """Draw the table of ``runs``, all there are, and return those that no filter hides, in its order.

    While something trains, the table alone looks again by itself. It is the same table whatever its rows are, so that it stays
    where it was scrolled to.
    """
    fields, chooser = st.columns([13, 2], gap="small")
    with fields:
        wanted = filters(runs)
    with chooser:
        columns = choose_columns(runs)
    alive = [run.id for run in runs if run.alive]
    refresh_every(_table, TICK if alive else None)(wanted, columns, alive, st.session_state[SELECTED])
    found = {run.id: run for run in runs}
    return [found[run] for run in st.session_state[SHOWN] if run in found]


def _table(wanted: Filter, columns: list[str], alive_before: list[str], selected_before: list[str]) -> None:
    store = get_store()
    queue.mark_interrupted(store)
    selected: list[str] = st.session_state[SELECTED]
    everything = shown(store.runs(), selected)
    if [run.id for run in everything if run.alive] != alive_before or selected != selected_before:
        st.rerun()  # the whole page: it shows other runs, or the table starts, or stops, to look again by itself
    runs = list(filter(wanted.fits, everything))
    last = store.last_values(names_of(runs, columns))
    frame, looks = as_frame(runs, last, columns)
    order = in_order(runs, frame)
    ids = [runs[row].id for row in order]
    if not runs:
        st.session_state[SHOWN] = ids
        st.caption(_("No run fits: change the search, the family, the state or the tag."))
        return
    _select_rows([row for row, run in enumerate(ids) if run in selected], ids)
    st.dataframe(
        frame.iloc[order],
        height=HEADER + ROW * min(len(runs), MOST_ROWS),
        hide_index=True,
        column_config=looks,
        placeholder="",
        on_select=_note_selection,
        selection_mode=["multi-row", "single-column"],  # a column by a click on its header, which sorts
        key=TABLE,
        alt=_("All runs"),
    )


def _select_rows(rows: list[int], ids: list[str]) -> None:
    """Have the table select ``rows``, which are to show ``ids``, unless the browser has just these selected already."""
    has = st.session_state.get(TABLE, {}).get("selection", {})
    if ids != st.session_state.get(SHOWN) or sorted(has.get("rows", [])) != rows:
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": list(has.get("columns", [])), "cells": []}}
    st.session_state[SHOWN] = ids


def _note_selection() -> None:
    """What the browser says is selected: runs that a filter hides stay so."""
    drawn, selection = st.session_state[SHOWN], st.session_state[TABLE]["selection"]
    ticked = [drawn[row] for row in selection["rows"] if row < len(drawn)]
    hidden_or_ticked = [run for run in st.session_state[SELECTED] if run not in drawn or run in ticked]
    st.session_state[SELECTED] = [*hidden_or_ticked, *(run for run in ticked if run not in hidden_or_ticked)]
    sort_by_header(selection["columns"])


def selection_line(runs: Sequence[Run], shown: Sequence[Run]) -> None:
    """Say how many of ``runs``, the selected ones, are ``shown``, with the way to select none."""
    hidden = len({run.id for run in runs} - {run.id for run in shown})
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = _("{n} selected", n=len(runs)) + (
            _(", {hidden} of them hidden by the search or a filter", hidden=hidden) if hidden else ""
        )
        st.caption(said, width="content")
        st.button(_("Select none"), icon=":material/deselect:", type="tertiary", on_click=_select_none, key="runs:none")


def _select_none() -> None:
    st.session_state[SELECTED] = []
