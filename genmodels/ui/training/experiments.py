"""The prepared experiments of a family: a list that fills the form, and what came of a run that plays one."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from genmodels.config.base import RunConfig, field_label
from genmodels.config.experiments import Experiment, config_of, experiment_of, experiments
from genmodels.config.families import FAMILIES
from genmodels.runs.store import Run
from genmodels.training.diagnosis import Diagnosis
from genmodels.ui.session import get_store
from genmodels.ui.shell import tabs
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.training.filling import fill
from genmodels.ui.training.rows import rows_of
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import plain

TRAIN = "Train"  # the tab with the form


def experiments_button(family: str) -> None:
    """Draw the button that shows the list; nothing for a family without prepared experiments."""
    if experiments(family) and st.button("Experiments", icon=":material/science:", key=f"{family}:experiments"):
        st.dialog("Prepared experiments", width="large", icon=":material/science:")(guarded()(_list))(family)


def _list(family: str) -> None:
    st.caption("Each shows one thing. A press fills the form, and starts nothing.")
    for found in experiments(family):
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{found.title}**", width="content")
                pressed = st.button(
                    "Fill the form", icon=":material/edit_note:", key=f"experiment:{found.name}",
                    on_click=_fill, args=(family, found),
                )  # fmt: skip
            st.markdown(found.see)
            st.caption(f"{_settings(FAMILIES[family], found)} · {_duration(found)}")
        if pressed:
            st.rerun()  # which closes the list


def _fill(family: str, chosen: Experiment) -> None:
    st.session_state[tabs.KEY] = TRAIN
    fill(
        family,
        config_of(family, chosen).model_dump(),
        f"The experiment **{chosen.title}** {_duration(chosen)}: press **Start training**.",
    )


def _settings(config: type[RunConfig], experiment: Experiment) -> str:
    """What is changed, by the names of the form, and what keeps it short."""
    changed, beside = (_named(config, values) for values in (experiment.changed, experiment.beside))
    return f"Changed: {changed or 'nothing'}" + (f" · to keep it short: {beside}" if beside else "")


def _named(config: type[RunConfig], values: Mapping[str, Any]) -> str:
    return ", ".join(
        plain(f"{field_label(name, config.model_fields[name])} {_shown(value)}") for name, value in values.items()
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _duration(experiment: Experiment) -> str:
    return f"takes one CPU core about {duration(experiment.seconds)}"


def outcome(run: Run, rows: pd.DataFrame, health: Diagnosis) -> None:
    """What was to be seen in a run that plays an experiment, beside what was seen; nothing for any other run."""
    found = experiment_of(run.config)
    if found is None:
        return
    family = run.config["family"]
    other = next((one for one in experiments(family) if one.name == found.against), None)
    beside = _latest(other, run) if other else None
    with st.container(border=True, gap="xsmall"):
        words, figures = st.columns([2, 3], gap="medium")
        with words:
            st.markdown(f":material/science: **{found.title}**")
            st.markdown(found.see)
            if other and beside is None and st.button(
                f"Compare it with: {other.title}", icon=":material/edit_note:", key=f"{run.id}:counterpart",
                help="Fills the form.", on_click=_fill, args=(family, other),
            ):  # fmt: skip
                st.rerun()  # the whole page, of which this panel is a part
        with figures:
            table = _seen(found, rows, health, ended=not run.alive)
            if other and beside:
                table[f"in *{other.title}*"] = _told(found, rows_of(beside), beside.health)
            st.table(table)


def _seen(experiment: Experiment, rows: pd.DataFrame, health: Diagnosis, ended: bool) -> pd.DataFrame:
    """A row a sign: what is to be seen, with what was measured when the experiment was prepared, and what is seen here."""
    last = _last(rows)
    table = {
        sign.says: (f"{sign.expected}; was {sign.measured:.3g}", _marked(last.get(sign.curve), sign.holds, ended))
        for sign in experiment.signs
    }
    kinds = [finding.kind for finding in health.findings]
    right = experiment.alarm in kinds if experiment.alarm else not kinds
    table["Alarm"] = (experiment.alarm or "none", _with_mark(", ".join(kinds) or "none", right, ended))
    return pd.DataFrame.from_dict(table, orient="index", columns=["to be seen", "here"])


def _told(experiment: Experiment, rows: pd.DataFrame, health: str) -> list[str]:
    """What the signs of one experiment are in a run of another."""
    last = _last(rows)
    return [f"{last[sign.curve]:.3g}" if sign.curve in last else "" for sign in experiment.signs] + [health]


def _last(rows: pd.DataFrame) -> dict[str, float]:
    """The newest value of each curve."""
    return {str(name): value for name, value in rows.groupby("name")["value"].last().items()}


def _marked(value: float | None, holds: Callable[[float], bool], ended: bool) -> str:
    return "not measured yet" if value is None else _with_mark(f"{value:.3g}", holds(value), ended)


def _with_mark(text: str, right: bool, ended: bool) -> str:
    """With whether it is what was to be seen, which no run says before its end."""
    if not ended:
        return f"{text} so far"
    return f":green[:material/check:] {text}" if right else f":orange[:material/close:] {text}, not as expected"


def _latest(experiment: Experiment, but: Run) -> Run | None:
    """The newest run of an experiment, but not the run ``but``."""
    runs = (run for run in get_store().runs() if run.config["family"] == but.config["family"] and run.id != but.id)
    return next((run for run in runs if experiment_of(run.config) == experiment), None)
