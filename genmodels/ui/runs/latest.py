"""The latest runs of the visitor, by their newest samples."""

import streamlit as st

from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.storage.image_grid import newest
from genmodels.ui.access.permission import own
from genmodels.ui.session import get_store
from genmodels.ui.shell.navigation import RUNS, page_of
from genmodels.ui.widgets.images import still
from genmodels.ui.widgets.run_states import STATES
from genmodels.ui.widgets.text import plain

MOST, PICTURE = 3, 48  # runs; pixels of a picture's side


def latest_runs() -> list[Run]:
    """The newest that are the visitor's own."""
    return own(get_store().runs())[:MOST]


def latest(runs: list[Run]) -> None:
    """Draw them in a line; nothing where there are none."""
    if not runs:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(RUNS, label=_("**Your runs**"), icon=":material/list:", width="content")
        for run in runs:
            _one(run)


def _one(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        if picture := newest(get_store().folder(run.id) / "pictures").get("samples"):
            still(picture.read_bytes(), width=PICTURE, alt=_("Samples of {name}", name=plain(run.name)))
        st.page_link(
            page_of(run.config["family"]),
            label=plain(run.name),
            icon=f":material/{STATES[run.state][0]}:",
            help=_(run.state).capitalize(),
            query_params={"run": run.id},
            width="content",
        )
