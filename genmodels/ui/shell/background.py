"""What is computed in the background, on the page: begun, followed, cancelled, begun again."""

from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from genmodels.language import N_, _
from genmodels.storage.background import Background
from genmodels.ui.access import commands
from genmodels.ui.access.permission import closed, may_cancel, may_train
from genmodels.ui.widgets.text import plain

TICK = 0.5  # seconds between two looks at what is being computed

OTHERS_START = N_("This {noun} has not been {done}, and on this server only those who may train start that: {instead}.")
NOBODY_STARTS = N_("This {noun} has not been {done}, and on this server nobody starts that: {instead}.")

Found = TypeVar("Found")


@dataclass(frozen=True)
class Words:
    """How it is spoken of: what it is, what is done with it, and while that goes on; ``instead``: what a visitor can do who
    may not start it, or sees in its place."""

    noun: str = N_("map")
    done: str = N_("computed")
    doing: str = N_("optimising")
    again: str = N_("Compute it again")
    instead: str = N_("see the PCA map")


def moves(made: Background) -> bool:
    """Whether there is, or will be at the next look, something new to see."""
    state = made.look().state
    return state == "running" or (state == "missing" and may_train())


def follow(made: Background[Found], key: str, what: str = "", words: Words = Words()) -> tuple[Found | None, bool]:
    """What is found by now, None before there is anything, and whether it will move; draws how far it is.

    It is begun where the visitor may. ``what`` it is called; ``key`` tells the buttons of two of them apart.
    """
    what, look = what or _(made.title), made.look()
    if look.state == "missing":
        if not may_train():
            st.info(
                _(
                    NOBODY_STARTS if closed() else OTHERS_START,
                    noun=_(words.noun),
                    done=_(words.done),
                    instead=_(words.instead),
                )
            )
            return None, False
        if not commands.compute(made):
            st.info(
                _(
                    "Another {noun} is being {done} on this machine: this one begins when that is done.",
                    noun=_(words.noun),
                    done=_(words.done),
                )
            )
            return None, True
        look = made.look()
    if look.state == "running":
        doing = _("starting") if look.found is None else _(words.doing)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(look.share, text=_("{what} is {doing}", what=what, doing=doing))
            if may_cancel(made.owner) and st.button(_("Cancel"), icon=":material/stop:", key=f"{key}:cancel"):
                commands.cancel(made)
        return look.found, True
    if look.state == "done":
        return look.found, False
    failed = _("{what} failed: {error}", what=what, error=plain(look.error)) if look.error else ""
    st.warning(failed or _("{what} was cancelled.", what=what))
    if may_train() and st.button(_(words.again), icon=":material/refresh:", key=f"{key}:again"):
        commands.compute(made)
        st.rerun()
    return None, False
