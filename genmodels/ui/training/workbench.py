"""The part that the pages of all families share: the form with Start, and the panel of a run."""

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.errors import UserError
from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import select
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.training import form_switch
from genmodels.ui.training.before_start import before_start
from genmodels.ui.training.config_form import config_form, form_value
from genmodels.ui.training.filling import filled, forget, offered
from genmodels.ui.training.form_link import copy_link, drop_link, take_link
from genmodels.ui.training.next_run import choose_weights
from genmodels.ui.training.own_images import own_images
from genmodels.ui.training.run_panel import pretrained_panel, run_panel
from genmodels.ui.training.several_runs import several_runs
from genmodels.ui.widgets.text import plain


def workbench(config: type[RunConfig], entry: Entry | None) -> None:
    """Look at ``entry``; the form that starts a run of the family ``config`` opens beside it, and is open where there is nothing else."""
    take_link(config)
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
    family = config.model_fields["family"].default
    st.subheader(_("Train a model"))
    link = st.container()
    origin = _told(config)
    chosen = config_form(config, offered())
    with link:
        copy_link(chosen)
    if not permission.ask():
        return
    if form_value(config, "dataset") == "folder":
        own_images(config, chosen)
    permission.show_quota()
    runs: dict[str, RunConfig] | None = None
    if chosen is not None:  # what begins with the weights of another run is one run
        runs = several_runs(chosen) if origin is None else {"": chosen}
    label = _("Start {n} runs", n=len(runs)) if runs and len(runs) > 1 else _("Start training")
    with st.container(key="start-bar", gap="xxsmall"):  # which stays in sight, however long the form is
        outlook = st.container(gap="xxsmall")
        pressed = st.button(label, type="primary", icon=":material/play_arrow:", disabled=not runs, width="stretch")
    if chosen is None or not runs:
        return
    if not pressed:
        with outlook:  # above Start, but drawn after it: to count the weights takes a moment, the first time
            before_start(chosen)
        return
    try:
        if len(runs) > 1:
            run = commands.start_group(runs, "sweep")[0]
        else:
            ((name, single),) = runs.items()
            run = commands.start(single, name, origin=origin)
    except UserError as error:
        st.error(_("Training could not start: {error}", error=plain(error)))
        return
    forget(family)
    form_switch.close_form(family)  # so that the first screen is the new run's
    drop_link()
    select(family, run.id)
    st.rerun()


def _told(config: type[RunConfig]) -> Origin | None:
    """Say what the form was filled with; whose weights the new run is to begin with."""
    if (found := filled(config)) is None:
        return None
    st.info(found.says())
    if found.origin is None:
        return None
    origin = choose_weights(found.origin)
    st.button(
        _("Begin with new weights"),
        icon=":material/close:",
        type="tertiary",
        on_click=forget,
        args=(config.model_fields["family"].default,),
    )
    return origin
