"""The prepared experiments of a family: a list that fills the form, and what came of a run that plays one."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.experiments import Experiment, config_of, experiment_of, experiments
from genmodels.config.families import FAMILIES
from genmodels.language import N_, _, listed
from genmodels.runs.store import Run
from genmodels.training.diagnosis import Diagnosis
from genmodels.ui.session import get_store
from genmodels.ui.shell import tabs
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.training.filling import fill, invitation
from genmodels.ui.training.rows import rows_of
from genmodels.ui.training.settings_in_words import settings_in_words
from genmodels.ui.widgets.progress import duration

TRAIN = "Train"  # the tab with the form


def experiments_button(family: str) -> None:
    """Draw the button that shows the list; nothing for a family without prepared experiments."""
    if experiments(family) and st.button(_("Experiments"), icon=":material/science:", key=f"{family}:experiments"):
        st.dialog(_("Prepared experiments"), width="large", icon=":material/science:")(guarded()(_list))(family)


def _list(family: str) -> None:
    st.caption(_("Each shows one thing. A press fills the form, and starts nothing."))
    for found in experiments(family):
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f"**{_(found.title)}**", width="content")
                pressed = st.button(
                    _("Fill the form"), icon=":material/edit_note:", key=f"experiment:{found.name}",
                    on_click=_fill, args=(family, found),
                )  # fmt: skip
            st.markdown(_(found.see))
            st.caption(f"{_settings(FAMILIES[family], found)} · {_duration(found)}")
        if pressed:
            st.rerun()  # which closes the list


def _fill(family: str, chosen: Experiment) -> None:
    st.session_state[tabs.KEY] = TRAIN
    fill(
        family,
        config_of(family, chosen).model_dump(),
        lambda: (
            _(
                "The form has the settings of the experiment **{title}**, which {duration}.",
                title=_(chosen.title),
                duration=_duration(chosen),
            )
            + invitation()
        ),
    )


def _settings(config: type[RunConfig], experiment: Experiment) -> str:
    """What is changed, by the names of the form, and what keeps it short."""
    changed, beside = (settings_in_words(config, values) for values in (experiment.changed, experiment.beside))
    return _("Changed: {changed}", changed=changed or N_("nothing")) + (
        _(" · to keep it short: {beside}", beside=beside) if beside else ""
    )


def _duration(experiment: Experiment) -> str:
    return _("takes one CPU core about {seconds}", seconds=duration(experiment.seconds))


def outcome(run: Run, rows: pd.DataFrame, health: Diagnosis) -> None:
    """What was to be seen in a run that plays an experiment, beside what was seen; nothing for any other run."""
    found = experiment_of(run.config)
    if found is None:
        return
    family = run.config["family"]
    other = next((one for one in experiments(family) if one.name == found.against), None)
    beside = _latest(other, run) if other else None
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f":material/science: **{_(found.title)}**", help=_(found.see), width="content")
            if other and beside is None and st.button(
                _("Compare it with: {title}", title=_(other.title)), icon=":material/edit_note:", type="tertiary",
                key=f"{run.id}:counterpart", help=_("Fills the form."), on_click=_fill, args=(family, other),
            ):  # fmt: skip
                st.rerun()  # the whole page, of which this panel is a part
        table = _seen(found, rows, health, ended=not run.alive)
        if other and beside:
            table[_("in *{title}*", title=_(other.title))] = _told(found, rows_of(beside), beside.health)
        st.table(table)


def _seen(experiment: Experiment, rows: pd.DataFrame, health: Diagnosis, ended: bool) -> pd.DataFrame:
    """A row a sign: what is to be seen, with what was measured when the experiment was prepared, and what is seen here."""
    last = _last(rows)
    table = {
        _(sign.says): (
            _("{expected}; was {measured:.3g}", expected=_(sign.expected), measured=sign.measured),
            _marked(last.get(sign.curve), sign.holds, ended),
        )
        for sign in experiment.signs
    }
    kinds = [finding.kind for finding in health.findings]
    right = experiment.alarm in kinds if experiment.alarm else not kinds
    alarm, seen = experiment.alarm or N_("none"), listed(map(_, kinds)) or _("none")
    table[_("Alarm")] = (_(alarm), _with_mark(seen, right, ended))
    return pd.DataFrame.from_dict(table, orient="index", columns=[_("to be seen"), _("here")])


def _told(experiment: Experiment, rows: pd.DataFrame, health: str) -> list[str]:
    """What the signs of one experiment are in a run of another."""
    last = _last(rows)
    return [_shown_figure(last[sign.curve]) if sign.curve in last else "" for sign in experiment.signs] + [_(health)]


def _last(rows: pd.DataFrame) -> dict[str, float]:
    """The newest value of each curve."""
    return {str(name): value for name, value in rows.groupby("name")["value"].last().items()}


def _shown_figure(value: float) -> str:
    return _("{value:.3g}", value=value)


def _marked(value: float | None, holds: Callable[[float], bool], ended: bool) -> str:
    return _("not measured yet") if value is None else _with_mark(_shown_figure(value), holds(value), ended)


def _with_mark(text: str, right: bool, ended: bool) -> str:
    """With whether it is what was to be seen, which no run says before its end."""
    if not ended:
        return _("{text} so far", text=text)
    return (
        f":green[:material/check:] {text}"
        if right
        else ":orange[:material/close:] " + _("{text}, not as expected", text=text)
    )


def _latest(experiment: Experiment, but: Run) -> Run | None:
    """The newest run of an experiment, but not the run ``but``."""
    runs = (run for run in get_store().runs() if run.config["family"] == but.config["family"] and run.id != but.id)
    return next((run for run in runs if experiment_of(run.config) == experiment), None)
