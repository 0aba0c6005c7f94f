"""What an alarm advises, as buttons that fill the form with the settings of its run and that one change."""

import streamlit as st

from genmodels.config.families import parse
from genmodels.config.setup import changed
from genmodels.config.wording import field_label
from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.training.diagnosis import Finding
from genmodels.training.diagnosis.causes import Cause
from genmodels.ui.components.go_to_page import follow
from genmodels.ui.shell.navigation import RUNS, page_of
from genmodels.ui.training.filling import fill
from genmodels.ui.widgets.text import plain


def advice(run: Run, finding: Finding, *, leads_away: bool = False) -> None:
    """A button for each cause that the alarm names; none for a family without a form. ``leads_away``: see ``next_run``."""
    page = page_of(run.config["family"])
    if page == RUNS:
        return
    with st.container(horizontal=True):
        pressed = [
            st.button(
                _("Set {label}", label=cause.label(finding.family)), icon=":material/edit_note:", type="tertiary", help=_("Fills the form."),
                key=f"{run.id}:advice:{finding.kind}:{cause.field}:{cause.shown}", on_click=_fill, args=(run, finding, cause),
            )
            for cause in finding.advised
        ]  # fmt: skip
    if any(pressed):
        if leads_away:
            follow(page, _("Open the form"), {"run": run.id})
        else:
            st.rerun()


def _fill(run: Run, finding: Finding, cause: Cause) -> None:
    label = field_label(cause.field, finding.family.model_fields[cause.field])
    fill(
        run.config["family"],
        changed(parse(run.config), **{cause.field: cause.value}),
        lambda: _(
            "The form has the settings of **{name}**, with {label} {shown}, against *{kind}*.",
            name=plain(run.name),
            label=plain(label),
            shown=plain(cause.shown),
            kind=_(finding.kind),
        ),
    )
