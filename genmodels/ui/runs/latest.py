"""The latest runs of the visitor, by their newest samples."""

import streamlit as st

from genmodels.runs.store import Run
from genmodels.storage.image_grid import newest
from genmodels.ui.access.permission import own
from genmodels.ui.session import get_store
from genmodels.ui.shell.navigation import RUNS, page_of
from genmodels.ui.widgets.run_states import STATES
from genmodels.ui.widgets.text import plain

MOST, A_ROW, PICTURE = 6, 3, 110  # runs; cards in a row; pixels of a picture's side


def latest_runs() -> None:
    """Draw a card for each of the newest that are the visitor's own; nothing where there are none."""
    runs = own(get_store().runs())[:MOST]
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Your latest runs", width="content")
        st.page_link(RUNS, label="All runs", icon=":material/list:")
    for first in range(0, len(runs), A_ROW):
        for column, run in zip(st.columns(A_ROW), runs[first : first + A_ROW], strict=False):
            with column:
                _card(run)


def _card(run: Run) -> None:
    icon, colour = STATES[run.state]
    with st.container(border=True, horizontal=True, vertical_alignment="center", height="stretch"):
        if picture := newest(get_store().folder(run.id) / "pictures").get("samples"):
            # Its bytes: the file may be gone before the browser asks for it.
            st.image(picture.read_bytes(), width=PICTURE, alt=f"Samples of {plain(run.name)}")
        with st.container(gap="xxsmall"):
            st.page_link(page_of(run.config["family"]), label=f"**{plain(run.name)}**", query_params={"run": run.id})
            st.badge(run.state, icon=f":material/{icon}:", color=colour)
            st.caption(f"epoch {run.epoch:.1f} of {run.config['epochs']}")
