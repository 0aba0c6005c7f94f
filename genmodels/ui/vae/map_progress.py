"""A map that is computed in the background, on the page: begun, followed, cancelled, begun again."""

import numpy as np
import streamlit as st

from genmodels.latent.maps import Map
from genmodels.ui.access import commands
from genmodels.ui.access.permission import may_cancel, may_train
from genmodels.ui.widgets.text import plain

TICK = 0.5  # seconds between two looks at a map that is being computed


def moves(made: Map) -> bool:
    """Whether there is, or will be at the next look, something new to see of a map."""
    state = made.look().state
    return state == "running" or (state == "missing" and may_train())


def follow(made: Map, key: str, what: str = "", instead: str = "see the PCA map") -> tuple[np.ndarray | None, bool]:
    """Where the points (N, P) of a map are by now, None before there are any, and whether they will move; draws how far it is.

    It is begun where the visitor may. ``what`` it is called; ``key`` tells the buttons of two maps apart; ``instead``:
    what a visitor can do who may not.
    """
    what, look = what or made.title, made.look()
    if look.state == "missing":
        if not may_train():
            st.info(
                f"This map has not been computed, and on this server only those who may train start that: {instead}."
            )
            return None, False
        if not commands.start_map(made):
            st.info("Another map is being computed on this machine: this one begins when that is done.")
            return None, True
        look = made.look()
    if look.state == "running":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(look.share, text=f"{what} is {'starting' if look.points is None else 'optimising'}")
            if may_cancel(made.owner) and st.button("Cancel", icon=":material/stop:", key=f"{key}:cancel"):
                commands.cancel_map(made)
        return look.points, True
    if look.state == "done":
        return look.points, False
    st.warning(f"{what} failed: {plain(look.error)}" if look.error else f"{what} was cancelled.")
    if may_train() and st.button("Compute it again", icon=":material/refresh:", key=f"{key}:again"):
        commands.start_map(made)
        st.rerun()
    return None, False
