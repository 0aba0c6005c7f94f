"""The table of all runs and its selection, which is of runs and not of rows: it outlives search, filter and order."""

from collections.abc import Sequence

import streamlit as st

from genmodels.jobs import queue
from genmodels.language import _
from genmodels.runs.groups import Group, groups
from genmodels.runs.store import Run
from genmodels.ui.access.whose import shown
from genmodels.ui.runs.columns import as_frame, choose_columns, curve_titles, in_order, names_of, sort_by_header
from genmodels.ui.runs.filters import NO_FILTER, Filter, filters
from genmodels.ui.runs.lines import folded, lines
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every

TICK = 2.0  # seconds between two looks while something is training
SELECTED = "runs:selected"  # ids, in the order in which they were selected
SHOWN = "runs:shown"  # ids of runs, and keys of groups, in the order of the rows that the browser has
MEMBERS = "runs:members"  # the ids of the runs of each group among them
OPENED = "runs:opened"  # keys of the groups whose runs have rows of their own
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
    """Draw the table of ``runs``, all there are, a group in a line, and return those that no filter hides, in its order.

    While something trains, the table alone looks again by itself. It is the same table whatever its rows are, so that it stays
    where it was scrolled to.
    """
    with st.container(key="roomy-filters"):
        *fields, chooser = st.columns([4, 3, 3, 3, 2], gap="small")
    wanted = filters(runs, fields)
    with chooser:
        columns = choose_columns(runs)
    alive = [run.id for run in runs if run.alive]
    refresh_every(_table, TICK if alive else None)(wanted, columns, alive, st.session_state[SELECTED])
    found = {run.id: run for run in runs}
    ids = dict.fromkeys(run for key in st.session_state[SHOWN] for run in _runs_of(key))
    return [found[run] for run in ids if run in found]


def _runs_of(key: str) -> list[str]:
    """The ids of the runs of a row."""
    members: dict[str, list[str]] = st.session_state.get(MEMBERS, {})
    return members.get(key, [key])


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
    drawn = lines(runs, in_order(runs, frame), st.session_state.get(OPENED, ()))
    keys = [line.key for line in drawn]
    if not runs:
        st.session_state[SHOWN] = keys
        st.caption(_("No run fits: change the search, the family, the state or the tag."))
        return
    st.session_state[MEMBERS] = {line.key: [runs[row].id for row in line.rows] for line in drawn if line.name}
    _select_rows([row for row, key in enumerate(keys) if _is_selected(key)], keys)
    st.dataframe(
        folded(frame, drawn, curve_titles(runs)),
        height=HEADER + ROW * min(len(drawn), MOST_ROWS),
        hide_index=True,
        column_config=looks,
        placeholder="",
        on_select=_note_selection,
        selection_mode=["multi-row", "single-column"],  # a column by a click on its header, which sorts
        key=TABLE,
        alt=_("All runs"),
    )


def _is_selected(key: str) -> bool:
    return {*_runs_of(key)} <= {*st.session_state[SELECTED]}


def _select_rows(rows: list[int], keys: list[str]) -> None:
    """Have the table select ``rows``, which are to show ``keys``, unless the browser has just these selected already."""
    has = st.session_state.get(TABLE, {}).get("selection", {})
    if keys != st.session_state.get(SHOWN) or sorted(has.get("rows", [])) != rows:
        st.session_state[TABLE] = {"selection": {"rows": rows, "columns": list(has.get("columns", [])), "cells": []}}
    st.session_state[SHOWN] = keys


def _note_selection() -> None:
    """What the browser says is selected: runs that a filter hides stay so; a group's line stands for all of its runs."""
    drawn, selection = st.session_state[SHOWN], st.session_state[TABLE]["selection"]
    ticked = [drawn[row] for row in selection["rows"] if row < len(drawn)]
    before = [key for key in drawn if _is_selected(key)]
    gone = {run for key in before if key not in ticked for run in _runs_of(key)}
    come = [run for key in ticked if key not in before for run in _runs_of(key)]
    st.session_state[SELECTED] = list(
        dict.fromkeys([*(run for run in st.session_state[SELECTED] if run not in gone), *come])
    )
    sort_by_header(selection["columns"])


def selected_group(selected: Sequence[Run], runs: Sequence[Run]) -> Group | None:
    """The group among ``runs``, all there are, whose runs are ``selected``, all of them and no others."""
    ids = {run.id for run in selected}
    return next((group for group in groups(runs) if {*group.ids} == ids and len(ids) > 1), None)


def selection_line(runs: Sequence[Run], shown: Sequence[Run], group: Group | None = None) -> None:
    """Say how many of ``runs``, the selected ones, are ``shown``, with the way to select none, and to open the line of the ``group`` that
    they are."""
    hidden = len({run.id for run in runs} - {run.id for run in shown})
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        said = _("{n} selected", n=len(runs)) + (
            _(", {hidden} of them hidden by the search or a filter", hidden=hidden) if hidden else ""
        )
        st.caption(said, width="content")
        if group:
            is_open = group.key in st.session_state.get(OPENED, ())
            label, icon = (
                (_("Close group"), ":material/unfold_less:") if is_open else (_("Open group"), ":material/unfold_more:")
            )
            st.button(label, icon=icon, type="tertiary", on_click=_open, args=(group.key, not is_open), key="runs:open")
        st.button(_("Select none"), icon=":material/deselect:", type="tertiary", on_click=_select_none, key="runs:none")


def _open(key: str, wanted: bool) -> None:
    """As ``wanted``, and not the opposite of what it is: a press that is heard twice does the same."""
    st.session_state[OPENED] = {*st.session_state.get(OPENED, ())} - {key} | ({key} if wanted else set())


def _select_none() -> None:
    st.session_state[SELECTED] = []
