"""The way from a run to those that it was started with."""

import streamlit as st

from genmodels.language import _
from genmodels.runs.groups import group_of
from genmodels.runs.store import Run
from genmodels.runs.variants import title
from genmodels.ui.session import get_store
from genmodels.ui.shell.navigation import RUNS
from genmodels.ui.widgets.text import plain


def group_link(run: Run) -> None:
    """Draw it; nothing for a run that was started alone."""
    if not run.group:
        return
    group = group_of(run, get_store().in_group(run.group))
    if group is None or len(group.runs) < 2:
        return
    st.page_link(
        RUNS,
        label=_("One of {n} runs, {title}", n=len(group.runs), title=plain(title(group.runs))),
        icon=":material/stacks:",
        query_params={"group": group.id},
        width="content",
    )
