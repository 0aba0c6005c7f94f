"""The part that the pages of all families share: the form with Start, and the panel of a run."""

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.errors import UserError
from genmodels.jobs import devices
from genmodels.runs.store import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import select
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.training import form_switch
from genmodels.ui.training.config_form import TITLES, config_form, form_value
from genmodels.ui.training.own_images import own_images
from genmodels.ui.training.run_panel import pretrained_panel, run_panel
from genmodels.ui.widgets.text import plain


def workbench(config: type[RunConfig], entry: Entry | None) -> None:
    """Look at ``entry``; the form that starts a run of the family ``config`` opens beside it, and is open where there is nothing else."""
    if entry is None:
        _start(config)
        return
    panel = st.container()
    if form_switch.is_open(config.model_fields["family"].default):
        left, panel = st.columns([1, 2], gap="medium")
        with left:
            _start(config)
    with panel:
        if isinstance(entry, Run):
            run_panel(entry)
        else:
            pretrained_panel(entry)


@fragment
def _start(config: type[RunConfig]) -> None:
    st.subheader("Train a model")
    choices = {"device": ["auto", *devices.present()]}
    if not permission.own_images():
        choices["dataset"] = [name for name in TITLES if name != "folder"]
    chosen = config_form(config, choices)
    if not permission.ask():
        return
    if form_value(config, "dataset") == "folder":
        own_images(config, chosen)
    permission.show_quota()
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
