"""The part that the pages of all families share: the form with Start, and the panel of a run."""

import pandas as pd
import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.data.folder_check import inspect_folder, local
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.jobs.policy import policy
from genmodels.runs.store import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import select
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.training.config_form import TITLES, config_form
from genmodels.ui.training.run_panel import pretrained_panel, run_panel
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain


def workbench(config: type[RunConfig], entry: Entry | None) -> None:
    """Start a run of the family ``config``, and look at ``entry``."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _start(config)
    with right:
        if isinstance(entry, Run):
            run_panel(entry)
        elif entry is not None:
            pretrained_panel(entry)


@fragment
def _start(config: type[RunConfig]) -> None:
    st.subheader("Train a model")
    choices = {"device": ["auto", *queue.present()]}
    if not permission.own_images():
        choices["dataset"] = [name for name in TITLES if name != "folder"]
    chosen = config_form(config, choices)
    if not permission.ask():
        return
    if chosen is not None and chosen.dataset == "folder":
        _preflight(chosen.folder)
    permission.tell_quota()
    pressed = st.button(
        "Start training", type="primary", icon=":material/play_arrow:", disabled=chosen is None, width="stretch"
    )
    if not pressed or chosen is None:
        return
    try:
        run = commands.start(chosen)
    except UserError as error:
        st.error(f"Training could not start: {plain(error)}")
        return
    select(chosen.family, run.id)
    st.rerun()


def _preflight(named: str) -> None:
    """On request, what is in a folder of the user's own images, and which of them would be left out."""
    if not st.button("Check the images", icon=":material/fact_check:", width="stretch"):
        return
    try:
        with st.spinner("Looking at every image…"), working():
            folder = local(named)
            policy().check_folder(folder)
            report = inspect_folder(folder)
    except UserError as error:
        st.error(plain(error))
        return
    st.success(plain(" ".join(report.summary())))
    if report.unreadable:
        st.warning(f"Training goes on without these, which cannot be read: {len(report.unreadable)}.")
        st.dataframe(pd.DataFrame(report.unreadable, columns=["file", "reason"]), hide_index=True)
