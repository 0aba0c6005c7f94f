"""Runs beside each other: their curves, and below these what differs between them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from genmodels.language import _
from genmodels.language.message import on_canvas
from genmodels.runs import comparison
from genmodels.runs.run import Run
from genmodels.ui.runs.chart import TICK, chart, last_values
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every


def overlay(runs: Sequence[Run]) -> None:
    """Curves of all ``runs``, then a table of all that differs."""
    chart(runs, last_values(runs))
    differences(runs)


def differences(runs: Sequence[Run]) -> None:
    """Draw what differs, which is looked up again while one of ``runs`` trains."""
    st.subheader(_("{n} runs compared", n=len(runs)))
    refresh_every(_table, TICK if any(run.alive for run in runs) else None)([run.id for run in runs])


def compared(runs: Sequence[Run]) -> pd.DataFrame:
    """What differs between ``runs``, and what came out of each, as ``comparison.table``."""
    return comparison.table(runs, last_values(runs))


def _table(ids: list[str]) -> None:
    """The settings that differ, and what came out."""
    runs = get_store().get_many(ids)
    last = last_values(runs)
    table, titles = comparison.table(runs, last), comparison.titles(runs, last)
    if comparison.differences(runs).empty:
        st.caption(_("All settings of these runs are the same."))
    number = st.column_config.NumberColumn
    columns: dict[str, Any] = {
        str(title): number(on_canvas(_(titles.get(str(title), title))), format="%.5g")
        if pd.api.types.is_float_dtype(table[title])
        else st.column_config.Column(on_canvas(_(titles.get(str(title), title))))
        for title in table
    }
    st.dataframe(
        table,
        hide_index=True,
        column_config=columns | {"name": st.column_config.TextColumn(_("Name"), width=200, pinned=True)},
        key="runs:differences",
        placeholder="",
        alt=_("Settings that differ, and scores"),
    )
