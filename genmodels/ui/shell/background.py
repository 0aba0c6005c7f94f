"""What is computed in the background, on the page: begun, followed, cancelled, begun again."""

from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from genmodels.storage.background import Background
from genmodels.ui.access import commands
from genmodels.ui.access.permission import may_cancel, may_train
from genmodels.ui.widgets.text import plain

TICK = 0.5  # seconds between two looks at what is being computed

Found = TypeVar("Found")


@dataclass(frozen=True)
class Words:
    """How it is spoken of: what it is, what is done with it, and while that goes on; ``instead``: what a visitor can do who
    may not start it."""

    noun: str = "map"
    done: str = "computed"
    doing: str = "optimising"
    again: str = "Compute it again"
    instead: str = "see the PCA map"


def moves(made: Background) -> bool:
    """Whether there is, or will be at the next look, something new to see."""
    state = made.look().state
    return state == "running" or (state == "missing" and may_train())


def follow(made: Background[Found], key: str, what: str = "", words: Words = Words()) -> tuple[Found | None, bool]:
    """What is found by now, None before there is anything, and whether it will move; draws how far it is.

    It is begun where the visitor may. ``what`` it is called; ``key`` tells the buttons of two of them apart.
    """
    what, look = what or made.title, made.look()
    if look.state == "missing":
        if not may_train():
            st.info(
                f"This {words.noun} has not been {words.done}, and on this server only those who may train start that: "
                f"{words.instead}."
            )
            return None, False
        if not commands.compute(made):
            st.info(f"Another {words.noun} is being {words.done} on this machine: this one begins when that is done.")
            return None, True
        look = made.look()
    if look.state == "running":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(look.share, text=f"{what} is {'starting' if look.found is None else words.doing}")
            if may_cancel(made.owner) and st.button("Cancel", icon=":material/stop:", key=f"{key}:cancel"):
                commands.cancel(made)
        return look.found, True
    if look.state == "done":
        return look.found, False
    st.warning(f"{what} failed: {plain(look.error)}" if look.error else f"{what} was cancelled.")
    if may_train() and st.button(words.again, icon=":material/refresh:", key=f"{key}:again"):
        commands.compute(made)
        st.rerun()
    return None, False
