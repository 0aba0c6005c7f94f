"""Whose runs all lists show: the visitor's own at first, where there are any and others have some too."""

from collections.abc import Collection, Iterable

import streamlit as st

from genmodels.language import N_, _
from genmodels.runs.store import Run
from genmodels.ui.access import permission
from genmodels.ui.session import get_store

KEY, CHOSEN = "whose", "whose:chosen"  # of the control, and of what was chosen by it, while it is not drawn too
OWN, ALL = N_("My runs"), N_("All runs")


def choose_whose() -> None:
    """Draw the choice, which holds for every page; nothing where it would make no difference."""
    runs = get_store().runs()
    own = len(permission.own(runs))
    if not 0 < own < len(runs):
        return
    if KEY not in st.session_state:
        st.session_state[KEY] = st.session_state.get(CHOSEN, OWN)
    st.segmented_control(
        _("Runs"), [OWN, ALL], format_func=_, default=None, required=True, key=KEY, on_change=_remember, label_visibility="collapsed",
        help=_("{own} of the {runs} runs here were started or imported by you, in this browser or signed in.", own=own, runs=len(runs)),
    )  # fmt: skip


def shown(runs: Iterable[Run], besides: Collection[str] = ()) -> list[Run]:
    """Those of ``runs`` that a list shows by the choice; those of the ids ``besides`` always, such as what a link names."""
    runs = list(runs)
    if st.session_state.get(KEY) != OWN:
        return runs
    ids = {run.id for run in permission.own(runs)} | set(besides)
    return [run for run in runs if run.id in ids]


def _remember() -> None:
    st.session_state[CHOSEN] = st.session_state[KEY]
