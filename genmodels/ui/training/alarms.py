"""What is wrong with a run, or that it is too early to tell: a button that names it, and behind it what it means and what to try."""

from collections.abc import Hashable

import pandas as pd
import streamlit as st

from genmodels.language import _, listed
from genmodels.runs.store import Run
from genmodels.training import diagnosis
from genmodels.ui.models.shared import shared
from genmodels.ui.training.advice import advice
from genmodels.ui.widgets.text import plain

ICON = ":material/monitor_heart:"
MOST_DIAGNOSES = 256  # kept for all viewers


def alarms(run: Run, rows: pd.DataFrame, *, leads_away: bool = False) -> None:
    """Draw it, by the run's ``rows_of``; nothing of a run of which nothing is known yet. ``leads_away``: see ``next_run``."""
    health = health_of(run, rows)
    if health.findings:
        kinds = listed([_(finding.kind) for finding in health.findings])
        with st.container(key=f"alarms-{run.id}", width="content"), st.popover(kinds.capitalize(), icon=ICON):
            for finding in health.findings:
                if not (run.error and finding.kind == diagnosis.NOT_FINITE):  # a run that has failed says that itself
                    st.warning(f"**{_(finding.kind).capitalize()}.** {plain(finding.sentence)}", icon=ICON)
                advice(run, finding, leads_away=leads_away)
    elif health.early and len(rows):
        with st.popover(_(diagnosis.EARLY).capitalize(), icon=ICON):
            st.caption(plain(health.early))


def _state_of(run: Run, rows: pd.DataFrame) -> tuple[Hashable, ...]:
    """Changes when there are other rows: new ones, or those of a run that was imported anew."""
    return run.id, run.attempt, len(rows), rows["id"].iloc[-1] if len(rows) else None


@shared(MOST_DIAGNOSES, lambda found: 1, key=_state_of)
def health_of(run: Run, rows: pd.DataFrame) -> diagnosis.Diagnosis:
    """Made once for all viewers, and anew only when there are new rows."""
    return diagnosis.diagnose(run.config, rows)
