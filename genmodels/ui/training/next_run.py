"""What one can do with a run that is there: train it again, continue from it with other settings, give it one more epoch."""

from typing import Any

import streamlit as st

from genmodels.checkpoints.integrity import BEST
from genmodels.config.command_line import Origin
from genmodels.config.families import FAMILIES, understood
from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.runs.store import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.access.permission import why_not
from genmodels.ui.components.go_to_page import follow
from genmodels.ui.models import loading
from genmodels.ui.session import get_store, remember, select
from genmodels.ui.shell.navigation import page_of
from genmodels.ui.training.filling import fill
from genmodels.ui.widgets.text import plain

REFUSED = "next-run:refused"
DONE = "next-run:done"  # how often something in the menu was pressed, which then closes


def next_run(run: Run, *, leads_away: bool = False) -> None:
    """Draw the menu of them; ``leads_away`` from a page that has no form to the one that has it."""
    has_form = FAMILIES[run.config["family"]].page is not None
    key = f"next-run:{run.id}:{st.session_state.get(DONE, 0)}"  # another one closes it
    with st.popover(_("Train on"), icon=":material/replay:", key=key):
        if has_form:
            again = st.button(
                _("Train again with these settings"), icon=":material/restart_alt:", key=f"{run.id}:again", width="stretch",
                help=_("Fills the form."), on_click=_again, args=(run,),
            )  # fmt: skip
            there = loading.step(run) is not None
            onward = st.button(
                _("Continue from here with other settings"), icon=":material/fork_right:", key=f"{run.id}:onward",
                width="stretch", disabled=not there, on_click=_onward, args=(run,),
                help=_("Fills the form for a new run that begins with these weights.")
                if there else _("There is no checkpoint yet."),
            )  # fmt: skip
            if again or onward:
                if leads_away:
                    follow(page_of(run.config["family"]), _("Open the form"), {"run": run.id})
                else:
                    st.rerun()
        if not run.alive:
            _one_more(run, leads_away)
    if refused := st.session_state.pop(f"{REFUSED}:{run.id}", None):
        st.error(plain(refused))


def _close() -> None:
    st.session_state[DONE] = st.session_state.get(DONE, 0) + 1


def _again(run: Run) -> None:
    _close()
    origin = Origin(run.id, "start") if run.parent else None
    fill(
        run.config["family"],
        understood(run.config, run.name).model_dump(),
        lambda: _("The form has the settings of **{name}**.", name=plain(run.name)),
        origin,
    )


def _onward(run: Run) -> None:
    _close()
    fill(
        run.config["family"],
        understood(run.config, run.name).model_dump(),
        lambda: _(
            "The new run begins with the weights of **{name}**. What shapes its networks must stay as it is.",
            name=plain(run.name),
        ),
        Origin(run.id),
    )


def choose_weights(origin: Origin) -> Origin:
    """Draw which weights of its run a new one begins with, where there is a choice."""
    run = get_store().get(origin.run)
    if origin.checkpoint == "start" or run is None or loading.step(run, BEST) is None:
        return origin
    which: Any = st.segmented_control(
        _("Begin with"), [N_("newest"), N_("best")], format_func=_, default="newest", required=True, key=f"{run.id}:weights",
        help=_("The checkpoint of its last step, or the one with the best score."),
    )  # fmt: skip
    return Origin(run.id, which or "newest")


def _one_more(run: Run, leads_away: bool) -> None:
    """A stopped run goes on for an epoch; a finished one stays as it is, and a new one begins where it ended."""
    finished = run.state == "finished"
    why = (None if permission.may_train() else _("This server does not let you train.")) if finished else why_not(run)
    about = _("A new run of one epoch that begins with these weights.") if finished else _("Then it stops again.")
    if not st.button(
        _("One more epoch"), icon=":material/plus_one:", key=f"{run.id}:one-more", width="stretch",
        disabled=why is not None, help=why or about,
    ):  # fmt: skip
        return
    _close()
    try:
        if finished:
            new = commands.one_more_epoch(run)
            (remember if leads_away else select)(run.config["family"], new.id)
        else:
            commands.resume(run.id, epochs=1.0)
    except (UserError, OSError) as error:
        st.session_state[f"{REFUSED}:{run.id}"] = error.args[0] if isinstance(error, UserError) else str(error)
    st.rerun()
