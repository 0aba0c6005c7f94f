"""The selected runs of the page of all runs in its address, `?run=ID&run=ID`: each is what the other was last changed to."""

from collections.abc import Sequence

import streamlit as st

from genmodels.runs.store import Run
from genmodels.ui.runs.filters import TEXT
from genmodels.ui.runs.table import SELECTED, select_runs
from genmodels.ui.session import get_store

KEY = "run"
GIVEN = "runs:link"  # the ids in the address as this page has written them


def take_link() -> None:
    """Select the runs in the address, where it is not what the page has put there: the visitor has followed a link, or went
    back to an earlier selection."""
    asked = st.query_params.get_all(KEY)
    if asked == st.session_state.get(GIVEN, []):
        return
    if not asked:
        # One comes back to the page by its name, and finds it as one has left it; or goes back in its history to no selection.
        if TEXT in st.session_state:  # a field of this page, which Streamlit forgets with the page
            st.session_state[SELECTED] = []
        return
    found = [run.id for run in get_store().get_many(dict.fromkeys(asked))]
    if found:
        select_runs(found)
    if len(found) < len(set(asked)):
        st.warning("Not all runs that were asked for are on this server: the others were deleted, or are elsewhere.")


def give_link(selected: Sequence[Run]) -> None:
    """Put the selected runs into the address."""
    ids = [run.id for run in selected]
    st.session_state[GIVEN] = ids
    if ids:
        st.query_params[KEY] = ids
    else:
        st.query_params.pop(KEY, None)
