"""Which runs the table of all runs shows, and which of their columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.config.families import FAMILIES
from genmodels.language import _
from genmodels.runs.run import Run
from genmodels.ui.widgets.run_states import STATES

TEXT, FAMILY, STATE, TAG = "runs:text", "runs:family", "runs:state", "runs:tag"
NO_FILTER: dict[str, Any] = {TEXT: "", FAMILY: None, STATE: [], TAG: []}  # what these fields hold then


@dataclass(frozen=True)
class Filter:
    """Which runs to show: all, where it says nothing. Of several tags or states, a run has one."""

    text: str = ""
    family: str | None = None
    states: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def fits(self, run: Run) -> bool:
        words = " ".join([run.name, run.called, run.note, run.id, *run.tags]).casefold()
        return (
            self.text.casefold().strip() in words
            and self.family in (None, run.config["family"])
            and (not self.states or run.state in self.states)
            and (not self.tags or bool(set(self.tags) & set(run.tags)))
        )


def filters(runs: Sequence[Run], places: Sequence[DeltaGenerator]) -> Filter:
    """Draw the four fields, each in its place, whose names are in their placeholders, since the first screen belongs to the table and its curves."""
    hidden: dict[str, Any] = {"label_visibility": "collapsed"}
    text, family, state, tag = places
    families = sorted({run.config["family"] for run in runs})
    states = [state for state in STATES if any(run.state == state for run in runs)]
    tags = sorted({tag for run in runs for tag in run.tags})
    # What was chosen may be gone since, with the last run that had it.
    if st.session_state.get(FAMILY) not in (None, *families):
        st.session_state[FAMILY] = None
    for key, there in ((STATE, states), (TAG, tags)):
        if not set(st.session_state.get(key, ())) <= set(there):
            st.session_state[key] = [one for one in st.session_state[key] if one in there]
    return Filter(
        text.text_input(_("Search"), placeholder=_("Search names, notes, tags, ids"), key=TEXT, **hidden),
        family.selectbox(
            _("Family"), families, None, format_func=title_of, placeholder=_("All families"), key=FAMILY, **hidden
        ),
        tuple(state.multiselect(_("State"), states, format_func=_, placeholder=_("All states"), key=STATE, **hidden)),
        tuple(tag.multiselect(_("Tag"), tags, placeholder=_("All tags"), key=TAG, disabled=not tags, **hidden)),
    )


def title_of(family: str) -> str:
    """What a family is called; one that this version does not know, by the name in its config."""
    return _(FAMILIES[family].title) if family in FAMILIES else family
