"""The sidebar of every page: the device, and what is training now."""

import psutil
import streamlit as st

from genmodels import machine
from genmodels.jobs import cards, queue
from genmodels.language import N_, _, counted
from genmodels.storage.paths import is_full
from genmodels.ui.access import commands, permission
from genmodels.ui.access.whose import choose_whose, shown
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import IDLE, refresh_every
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.shell.language import choose_language
from genmodels.ui.shell.navigation import RUNS, page_of
from genmodels.ui.widgets.run_states import STATES
from genmodels.ui.widgets.text import plain

TICK = 2.0  # seconds between two looks while a run of the visitor's own is under way
MOST_WAITING = 3  # runs of the queue that are named
SEEN = "sidebar:alive"  # ids of the visitor's runs that were under way at the last look
ENDINGS = {
    "finished": N_("is finished"),
    "stopped": N_("was stopped"),
    "failed": N_("has failed"),
    "interrupted": N_("was interrupted"),
}


def sidebar() -> None:
    """Draw it; what is training is looked up again every other second, or, where none of it is the visitor's, now and then."""
    with st.sidebar:
        body = st.container()
        permission.show_sign_in()
        fragment(permission.get_to_know)()  # before all that asks whose a run is
    with body:
        _tell_full_disk()
        st.caption(_("Device"))
        for name in _devices():
            st.markdown(f":material/memory: {_(name)}")
        choose_whose()
        watching = bool(permission.own(get_store().alive()))
        refresh_every(_running, TICK if watching else IDLE)(watching)
        choose_language()


@st.cache_data(ttl=60, show_spinner=False)
def _devices() -> list[str]:
    if found := cards.visible():
        return [card.name for card in found]
    memory = psutil.virtual_memory().total / 2**30
    apple = [N_("Apple GPU (mps)")] if machine.has_mps() else []
    cpu = counted("CPU, {n} core, {memory:.0f} GiB", "CPU, {n} cores, {memory:.0f} GiB", machine.cores(), memory=memory)
    return [*apple, cpu]


def _tell_full_disk() -> None:
    if is_full():
        st.warning(
            _(
                "The disk is full: you may look at all that is here, but nothing can be trained or kept. Delete runs on the page "
                "Runs, or, in GENMODELS_HOME, the folders cache and data, which are made again when they are needed."
            ),
            icon=":material/hard_drive:",
        )


def _running(was_watching: bool) -> None:
    store = get_store()
    queue.mark_interrupted(store)
    everybodys = store.alive()
    own = permission.own(everybodys)
    if bool(own) != was_watching:
        st.rerun()  # the whole page: another pace begins
    _tell_what_ended([run.id for run in own])
    alive = shown(everybodys)
    others = len(everybodys) - len(alive)
    nothing = _("Nothing of yours is training.") if others else _("Nothing is training.")
    st.caption(_("Training now") if alive else nothing)
    waiting = [run for run in alive if run.state == "queued"]
    for run in [run for run in alive if run not in waiting] + waiting[:MOST_WAITING]:
        st.page_link(
            page_of(run.config["family"]),
            label=plain(run.name),
            icon=":material/hourglass:" if run.state == "queued" else ":material/play_arrow:",
            query_params={"run": run.id},
        )
        st.progress(
            run.share,
            text=_("waiting")
            if run.state == "queued"
            else _("epoch {epoch:.1f} of {epochs}", epoch=run.epoch, epochs=run.config["epochs"]),
        )
    if len(waiting) > MOST_WAITING:
        st.page_link(RUNS, label=_("{n} more waiting", n=len(waiting) - MOST_WAITING), icon=":material/list:")
    if others:
        st.page_link(RUNS, label=_("{others} of others", others=others), icon=":material/group:")
    _empty_queue_button()


def _empty_queue_button() -> None:
    """For two waiting runs or more of the visitor's own: one alone has its Stop on its page."""
    if (own := len(commands.waiting())) > 1:
        st.button(
            _("Stop the {own} waiting", own=own),
            icon=":material/playlist_remove:",
            help=_("Takes the runs that have not begun out of the queue. What is training goes on."),
            on_click=commands.empty_queue,
            key="sidebar:empty",
        )


def _tell_what_ended(alive: list[str]) -> None:
    """A toast for each run of this visitor that they saw under way and that has ended since."""
    ended = [run for run in st.session_state.get(SEEN, []) if run not in alive]
    st.session_state[SEEN] = alive
    for run in get_store().get_many(ended):
        ending = _(ENDINGS.get(run.state, run.state))
        said = _("**{name}** {ending}.", name=plain(run.name), ending=ending)
        st.toast(said, icon=f":material/{STATES[run.state][0]}:")
