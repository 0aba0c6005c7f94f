"""The part that the pages of all families share: the form with Start, the choice of a run, and its panel."""

import time
from pathlib import Path

import pandas as pd
import streamlit as st

from genmodels import jobs
from genmodels.config import RunConfig
from genmodels.errors import UserError
from genmodels.preflight import inspect_folder
from genmodels.shipped import Shipped, shipped
from genmodels.store import Run
from genmodels.ui.form import config_form
from genmodels.ui.panel import run_panel, shipped_panel
from genmodels.ui.state import get_store, select, selected

PRESSED = "start:pressed"
DOUBLE_CLICK_SECONDS = 1.5


def workbench(config: type[RunConfig]) -> None:
    """Start a run of the family ``config``, and look at one or at a shipped model."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        _start(config)
    with right:
        _look(config.model_fields["family"].default)


@st.fragment
def _start(config: type[RunConfig]) -> None:
    st.subheader("Train a model")
    gpus = [f"cuda:{index}" for index in range(len(jobs.gpus()))]
    chosen = config_form(config, {"device": ["auto", "cpu", *gpus]})
    if chosen is not None and chosen.dataset == "folder":
        _preflight(Path(chosen.folder).expanduser())
    pressed = st.button(
        "Start training", type="primary", icon=":material/play_arrow:", disabled=chosen is None, width="stretch"
    )
    if not pressed or chosen is None or _is_second_click():
        return
    try:
        run = jobs.start(get_store(), chosen)
    except (UserError, OSError) as error:
        st.error(f"Training could not start: {error}")
        return
    select(chosen.family, run.id)
    st.rerun()


def _is_second_click() -> bool:
    """Whether this press of Start is a double click's second, which would make two runs of one wish."""
    now = time.monotonic()
    before = st.session_state.get(PRESSED, -DOUBLE_CLICK_SECONDS)
    st.session_state[PRESSED] = now
    return now - before < DOUBLE_CLICK_SECONDS


def _preflight(folder: Path) -> None:
    """On request, what is in a folder of the user's own images, and which of them would be left out."""
    if not st.button("Check the images", icon=":material/fact_check:", width="stretch"):
        return
    try:
        with st.spinner("Looking at every image…"):
            report = inspect_folder(folder)
    except (UserError, OSError) as error:
        st.error(str(error))
        return
    st.success(" ".join(report.summary()))
    if report.unreadable:
        st.warning(f"Training goes on without these, which cannot be read: {len(report.unreadable)}.")
        st.dataframe(pd.DataFrame(report.unreadable, columns=["file", "reason"]), hide_index=True)


def _look(family: str) -> None:
    runs = {run.id: run for run in get_store().runs() if run.config["family"] == family}
    models = {model.name: model for model in shipped(family)}
    options = [*runs, *models]
    if not options:
        st.info("No run yet: press Start training.")
        return
    name = selected(family)
    if name not in options:
        name = next((run.id for run in runs.values() if run.alive), options[0])
    key = f"{family}:choice"
    st.session_state[key] = name
    st.selectbox(
        "Run or shipped model",
        options,
        format_func=lambda name: _title(runs[name] if name in runs else models[name]),
        key=key,
        on_change=lambda: select(family, st.session_state[key]),
    )
    if name in runs:
        run_panel(runs[name])
    else:
        shipped_panel(models[name])


def _title(entry: Run | Shipped) -> str:
    if isinstance(entry, Shipped):
        return f"Shipped: {entry.card['title']} ({entry.name})"
    started = time.strftime("%d %b %H:%M:%S", time.localtime(entry.created))
    return f"{entry.name}, {started} ({entry.id.rpartition('-')[2]})"
