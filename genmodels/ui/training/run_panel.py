"""The panel of one run or of one pretrained model: how far it is, its curves, its pictures, and what one can do with it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from genmodels.checkpoints.integrity import START, steps
from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin, command_line, typed_here
from genmodels.config.families import FAMILIES, parse
from genmodels.config.wording import field_label
from genmodels.data.folder_check import in_words, introduction, shown_previews, to_repeat
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.language import N_, _
from genmodels.language.stored import recalled
from genmodels.runs.run import GONE, LOCK
from genmodels.runs.store import Run
from genmodels.storage.host_lock import elsewhere
from genmodels.storage.paths import what_stays
from genmodels.ui.access import commands
from genmodels.ui.access.permission import why_not
from genmodels.ui.components.live_curves import Panel, live_curves
from genmodels.ui.models.evaluation import evaluated, run_scores
from genmodels.ui.models.export_code import code_button
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_curves import score_panels
from genmodels.ui.models.score_line import all_scores, score_line
from genmodels.ui.models.web_page import page_button
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.training.alarms import alarms, health_of
from genmodels.ui.training.experiments import outcome
from genmodels.ui.training.form_switch import form_button
from genmodels.ui.training.group_link import group_link
from genmodels.ui.training.next_run import next_run
from genmodels.ui.training.panels import panels
from genmodels.ui.training.past import past_of
from genmodels.ui.training.rows import rows_of
from genmodels.ui.widgets.images import gallery, history, show
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.run_states import STATES
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.times import moment_told

COMING = N_("Curves and pictures come with the first steps of its training.")
TICK = 1.0  # seconds between two looks at a run that is under way
WARNINGS = 5  # shown above the curves
CURVE = {1: 2.0, 2: 1.35}  # by the number of pictures: how many times as wide as one of them the first curve is
MAIN_HEIGHT = {1: 330, 2: 290}  # pixels of the first curve, which is as tall as so many pictures beside it
SLIDER = 45  # pixels that it gains beside the slider over their history
HEIGHT = 250  # of the others


def run_panel(run: Run) -> None:
    """Everything about a run; while it is under way, the panel alone looks again every second."""
    refresh_every(_run_panel, TICK if run.alive else None)(run.id, run.alive)


def _run_panel(run_id: str, was_alive: bool) -> None:
    store = get_store()
    queue.mark_interrupted(store)
    run = store.get(run_id)
    if run is None:
        st.warning(_(GONE))
        return
    if run.alive != was_alive:
        st.rerun()  # the whole page: the panel starts, or stops, to look again by itself
    config = parse(run.config)
    rows, events = rows_of(run), store.events(run.id)
    with header(run):
        run_scores(run)
        alarms(run, rows)
        form_button(config.family)
        next_run(run)
        with _details():
            if found := evaluated(run):
                all_scores(found)
            if run.images_per_second and not run.alive:
                st.caption(_pace(run))
            st.caption(_(introduction(run.config)))
            shown = config.model_copy(update=to_repeat(run.config))
            began = Origin(run.id, "start") if run.parent else None
            st.code(command_line(shown, began), language="bash", wrap_lines=True)
            if not run.alive:
                code_button(run)
                page_button(run)
            _table(type(config), run.config | (run.environment or {}))
            for event in events:
                st.caption(f"{moment_told(event['time'], 'yyyy-MM-dd HH:mm:ss')}  {plain(_of_event(event))}")
    messages(run, rows, events)
    past, pictures = past_of(run), history(store.folder(run.id) / "pictures")
    ended = run.state == "finished"
    if rows.empty and past.rows.empty and not pictures:
        none = N_("This run has neither curves nor pictures.") if ended else COMING
        st.caption(_(none))
        return
    drawn = [
        replace(past.before(panel, named=not place), of=run.called)
        for place, panel in enumerate((*panels(config), *score_panels(rows)))
    ]
    previews = shown_previews(run.config, config.pictures)
    with _pictures_and_curves(
        len(previews),
        drawn,
        past.then(rows.rename(columns={"epoch": "x"})),
        run.id,
        f"{run.id}:{run.attempt}:{past.token}",
        lambda: outcome(run, rows, health_of(run, rows)),
        SLIDER if len(pictures) > 1 else 0,
        N_("This run has no curves.") if ended else N_("Curves come with the first steps of its training."),
    ):
        gallery(pictures, previews, steps_per_epoch(run), run.id)


def pretrained_panel(model: Pretrained) -> None:
    """A pretrained model: its scores, curves and pictures."""
    config = FAMILIES[model.config["family"]].model_construct(**model.config)
    with st.container(horizontal=True, vertical_alignment="center", key="pretrained-head"):
        score_line(model)
        form_button(config.family)
        with _details():
            all_scores(model)
            st.caption(_("Trained with:"))
            st.code(typed_here(model.card["command"]), language="bash", wrap_lines=True)
            code_button(model)
            page_button(model)
            _table(
                type(config),
                model.config | {key: value for key, value in model.card.items() if not isinstance(value, dict)},
            )
    pictures = {name: str(path) for name in config.pictures if (path := model.picture(name))}
    rows = model.metrics().rename(columns={"epoch": "x"})[["name", "x", "value"]]
    own = [replace(panel, of=model.name) for panel in panels(config)]
    with _pictures_and_curves(len(pictures), own, rows, model.name, model.name):
        show(pictures, config.pictures)


def _details() -> Any:
    return st.popover(_("Details"), icon=":material/info:")


@contextmanager
def _pictures_and_curves(
    pictures: int,
    drawn: list[Panel],
    rows: pd.DataFrame,
    key: str,
    token: str,
    between: Callable[[], None] | None = None,
    below: int = 0,
    none: str = N_("This model has no curves."),
) -> Iterator[None]:
    """What is drawn in this block, so many pictures in a row with so many pixels ``below`` them, stands beside the first curve; the
    other curves are further down, and what ``between`` draws above those. Without curves ``none`` of them says so."""
    any_curve = any(panel.has_values(rows) for panel in drawn)
    left, right = st.columns([max(1, pictures), CURVE.get(pictures, 1.35)])
    with left:
        yield
    with right:
        if any_curve:
            height = MAIN_HEIGHT.get(pictures, 290) + below
            live_curves(drawn[:1], rows, key=f"{key}:main", reset_token=token, height=height)
        else:
            st.caption(_(none))
    if between:
        between()
    if any_curve:
        live_curves(drawn[1:], rows, key=f"{key}:curves", reset_token=token, height=HEIGHT)


def steps_per_epoch(entry: Entry) -> float:
    """Optimisation steps of one pass over the training images; 1 where that is not known yet."""
    if isinstance(entry, Pretrained):
        return entry.card["step"] / entry.card["epochs"]
    return entry.total_steps / entry.config["epochs"] or 1


def header(run: Run) -> Any:
    """How far a run is, with Stop or Resume; the line is returned, for what else belongs there."""
    why = why_not(run)
    icon, colour = STATES[run.state]
    line = st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"run-head-{run.id}")
    with line:
        st.badge(_state(run), icon=f":material/{icon}:", color=colour)
        trained = _("epoch **{epoch:.1f}** of {epochs}", epoch=run.epoch, epochs=run.config["epochs"])
        how = " · ".join(_how(run))
        st.markdown(f"{trained}  \n:small[:gray[{how}]]" if how else trained, width="content")
        if run.alive:
            label = _("Stopping…") if run.stop_requested else _("Stop")
            disabled = run.stop_requested or why is not None
            if st.button(label, icon=":material/stop:", disabled=disabled, help=why, key=f"{run.id}:stop"):
                _try(commands.stop, run)
                st.rerun(scope="fragment")
        elif run.state != "finished" and st.button(
            _("Resume"), icon=":material/play_arrow:", disabled=why is not None, help=why, key=f"{run.id}:resume"
        ):
            _try(commands.resume, run)
            st.rerun()
    if run.alive:
        st.progress(run.share)
    return line


def _how(run: Run) -> Iterator[str]:
    """How fast, how long and on what it trains, or trained."""
    if run.images_per_second and run.alive:
        yield _pace(run)
    if run.state == "running" and run.seconds_left is not None:
        yield _("about **{seconds_left}** left", seconds_left=duration(run.seconds_left))
    elif run.seconds:
        yield _("trained for {seconds}", seconds=duration(run.seconds))
    if run.device:
        host = elsewhere(get_store().folder(run.id) / LOCK) if run.alive else ""
        on = _("on {device} of {host}", device=plain(run.device), host=plain(host)) if host else ""
        yield on or _("on {device}", device=plain(run.device))


def _pace(run: Run) -> str:
    return _("**{images_per_second:,.0f}** images/s", images_per_second=run.images_per_second)


def _try(change: Callable[[str], None], run: Run) -> None:
    """Do it; ``messages`` says why when it is refused."""
    try:
        change(run.id)
    except (UserError, OSError) as error:
        st.session_state[f"{run.id}:refused"] = error.args[0] if isinstance(error, UserError) else str(error)


def _state(run: Run) -> str:
    if run.state == "queued" and (position := queue.position(get_store(), run.id)) > 1:
        return _("waiting, place {position} in the queue", position=position)
    if run.state == "running" and run.step == 0:
        return _("starting")
    return _(run.state)


def messages(run: Run, rows: pd.DataFrame, events: list[dict[str, Any]], *, leads_away: bool = False) -> None:
    """What went wrong with a run, by its events, or with what was last asked.

    ``leads_away``: see ``next_run``; there the ``alarms`` of its ``rows_of`` are among them, which have no other place.
    """
    _parent(run)
    if not leads_away:
        group_link(run)
    if refused := st.session_state.pop(f"{run.id}:refused", None):
        st.error(plain(refused))
    said = {event["text"]: _of_event(event) for event in events}
    if run.error:
        st.error(plain(said.get(run.error, run.error)))
    elif run.state == "interrupted":
        st.warning(
            _("The training process ended unexpectedly. {what_stays}: press Resume.", what_stays=_(what_stays()))
        )
    if leads_away:
        alarms(run, rows, leads_away=True)
    warnings = list(dict.fromkeys(event["text"] for event in events if event["level"] == "warning"))
    for text in warnings[:WARNINGS]:
        st.warning(plain(said[text]))
    if len(warnings) > WARNINGS:
        st.warning(_("And {warnings} more, which the details below name.", warnings=len(warnings) - WARNINGS))
    if run.alive and run.step == 0 and events:
        st.caption(plain(_of_event(events[-1])))  # what takes time before the first step, such as a download


def _of_event(event: Mapping[str, Any]) -> str:
    return recalled(event["text"], event["message"])


def _parent(run: Run) -> None:
    """Whose weights a run began with."""
    if not run.parent:
        return
    parent, step = get_store().get(run.parent), max(steps(get_store().folder(run.id) / START), default=0)
    called = f"**{plain(parent.name)}**" if parent else _("{parent}, which is not here", parent=plain(run.parent))
    st.caption(
        ":material/fork_right: " + _("Began with the weights of {called}, step {step:,}.", called=called, step=step)
    )


def _table(config: type[RunConfig], values: dict[str, Any]) -> None:
    fields = config.model_fields
    called = [_(field_label(key, fields[key])) if key in fields else key for key in values]
    shown = [str(value) for value in in_words(values).values()]
    st.dataframe(pd.DataFrame({_("value"): shown}, index=called), width="stretch")
