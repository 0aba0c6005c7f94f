"""The selected runs of the page of all runs in its address, `?run=ID&run=ID`: each is what the other was last changed to. A link may name
a group, `?group=ID`, in the place of its runs."""

from collections.abc import Sequence

import streamlit as st

from genmodels.language import N_, _
from genmodels.runs.groups import groups
from genmodels.runs.store import Run
from genmodels.ui.runs.filters import TEXT
from genmodels.ui.runs.table import SELECTED, select_runs
from genmodels.ui.session import RUN, all_heard, get_store, stepped, tell
from genmodels.ui.shell.link_warning import is_wrong, link_warning

GROUP = "group"
NONE_THERE = N_("What this link names is not on this server: it was deleted, or is elsewhere.")
SOME_GONE = N_("Not all runs that were asked for are on this server: the others were deleted, or are elsewhere.")


def take_link() -> None:
    """Select the runs in the address, where it is not what the page has put there: the visitor has followed a link, or went
    back to an earlier selection. Says which are not there."""
    asked = all_heard(RUN)
    if group := st.query_params.get(GROUP):
        del st.query_params[GROUP]
        named = max(groups(get_store().in_group(group)), key=lambda found: len(found.runs), default=None)
        _select(named.ids if named else [group])
    elif asked:
        _select(asked)
    else:
        # One comes back to the page by its name, and finds it as one has left it; or goes back in its history to no selection.
        if asked is not None and (stepped() or TEXT in st.session_state):  # which Streamlit forgets with the page
            st.session_state[SELECTED] = []
    link_warning()


def _select(asked: Sequence[str]) -> None:
    found = [run.id for run in get_store().get_many(dict.fromkeys(asked))]
    if found:
        select_runs(found)
    if len(found) < len(set(asked)):
        is_wrong(_(SOME_GONE if found else NONE_THERE))


def give_link(selected: Sequence[Run]) -> None:
    """Put the selected runs into the address."""
    tell(RUN, *(run.id for run in selected))
