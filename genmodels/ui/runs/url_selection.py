"""The selected runs of the page of all runs in its address, `?run=ID&run=ID`."""

from collections.abc import Sequence

import streamlit as st

from genmodels.runs.store import Run
from genmodels.ui.runs.table import select_runs
from genmodels.ui.session import get_store

KEY = "run"
TAKEN = "runs:link"  # whether this session has selected what its first address says


def take_link() -> None:
    """Select the runs in the address that one came with; later on it follows the selection."""
    if TAKEN in st.session_state:
        return
    st.session_state[TAKEN] = True
    asked = st.query_params.get_all(KEY)
    found = [run.id for run in get_store().get_many(asked)]
    if found:
        select_runs(found)
    if len(found) < len(set(asked)):
        st.warning("Not all runs that were asked for are on this server: the others were deleted, or are elsewhere.")


def give_link(selected: Sequence[Run]) -> None:
    """Put the selected runs into the address."""
    ids = [run.id for run in selected]
    if ids:
        st.query_params[KEY] = ids
    else:
        st.query_params.pop(KEY, None)
