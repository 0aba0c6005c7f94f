"""Flow matching, diffusion and a GAN on the plane, trained in seconds side by side, of which every moment can be looked at."""

from typing import get_args

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.language import N_, _
from genmodels.toys.film import Film
from genmodels.toys.prepared import prepared
from genmodels.toys.setup import PARTICLES, SOLVER_STEPS, Pairs, Setup
from genmodels.toys.targets import Target
from genmodels.toys.toy import Toy
from genmodels.ui.access import permission
from genmodels.ui.components.draw_pad import draw_pad
from genmodels.ui.components.toy_player import toy_player
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, Words, follow, moves
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.widgets.bounded import whole_number

TARGETS: dict[Target, str] = {
    "moons": N_("Two moons"),
    "rings": N_("Rings"),
    "spiral": N_("Spiral"),
    "drawing": N_("Your own"),
}
PAIRS: dict[Pairs, str] = {"random": N_("any with any"), "transport": N_("near with near")}
PAIRED = N_(
    "Which noise flow matching leads to which point while it learns: any to any, or, within each batch, so that the squared distances "
    "are least in sum, which is optimal transport. Diffusion and the GAN train as before."
)
ASKED = "toys:asked"  # what the visitor wants to be trained, as soon as it is its turn
WORDS = Words(
    N_("toy"), N_("trained"), N_("going on"), N_("Train it again"), N_("run the app on a machine of your own")
)
POINTS = N_(
    "Grey points: held-out ones of the target. Coloured ones: {particles} that all three models make of the same noise.",
    particles=PARTICLES,
)
SEEN = N_(
    "Flow matching and diffusion lead them from t = 0 to 1 in {solver_steps} steps of "
    "Heun's method, each along the arrows of its field. The GAN takes one step. Behind its points is the "
    "discriminator, green where it believes them real and violet where it does not, and the arrows show "
    "where its gradient sends them. Between two recorded moments of the training, points move straight.",
    solver_steps=SOLVER_STEPS,
)
PREPARED = N_(
    "This training comes with the app, with {moments} of its moments. Trained here, it is seen as it goes on, step by step."
)


def toys() -> None:
    """Choose a target, train on it, and look at all of the training."""
    fragment(_toys)()


def _toys() -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        target: Target = st.segmented_control(
            _("Target"), get_args(Target), default="moons", required=True, format_func=lambda target: _(TARGETS[target]), key="toys:target",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        with st.popover(_("Settings"), icon=":material/tune:"):
            pairs: Pairs = st.segmented_control(
                _("Pairs of noise and data"), get_args(Pairs), default="random", required=True, format_func=lambda pairs: _(PAIRS[pairs]),
                key="toys:pairs", persist_state="session", help=_(PAIRED),
            )  # fmt: skip
            seed = whole_number(_("Seed"), 0, 9999, 0, key="toys:seed", width=110)
        explanation("toys")
        start = st.container(width="content")
    drawing = None
    if target == "drawing" and (drawing := _drawn()) is None:
        return
    toy = Toy(Setup(target, seed, pairs), drawing)
    if _is_wanted(toy):
        going = moves(toy)
        refresh_every(_watch, TICK if going else None)(toy, going)
    else:
        _offer(toy, start)


def _drawn() -> np.ndarray | None:
    left, right = st.columns([1, 3], gap="medium")
    with left:
        drawing = draw_pad("toys:pad")
    with right:
        st.markdown(
            _("Draw where points are to be. The middle of the pad is the middle of the noise.")
            if drawing is None
            else _("This is what the models learn: points wherever there is chalk."),
            help=_("With the keyboard: arrows move the chalk, Enter puts it down or lifts it."),
        )
    return drawing


def _is_wanted(toy: Toy) -> bool:
    """Whether the visitor has asked for it, or somebody has it trained."""
    return st.session_state.get(ASKED) == str(toy.folder) or toy.look().state != "missing"


def _offer(toy: Toy, start: DeltaGenerator) -> None:
    """Have it trained, by a button in ``start``; until then, the training of such a toy that comes with the app."""
    if permission.ask():
        start.button(
            _("Train all three"), type="primary", icon=":material/play_arrow:", key="toys:train", on_click=_ask, args=(toy,),
            help=_("{steps:,} steps each, on one core of the CPU.", steps=toy.setup.steps),
        )  # fmt: skip
    if film := prepared(toy.setup):
        _play(toy, film, "prepared", going=False)
        st.caption(_(PREPARED, moments=len(film)))


def _watch(toy: Toy, was_going: bool) -> None:
    film, going = follow(toy, "toys", words=WORDS)
    if going != was_going:
        st.rerun()  # the whole tab: this part starts, or stops, to look again by itself
    if film is not None:
        _play(toy, film, str(toy.folder), going=going)
    elif film := prepared(toy.setup):  # until there is something of this one
        _play(toy, film, "prepared", going=False)


def _play(toy: Toy, film: Film, token: str, *, going: bool) -> None:
    toy_player(film, key="toys:player", token=token, total_steps=toy.setup.steps, going=going)
    st.caption(_(POINTS), help=_(SEEN))


def _ask(toy: Toy) -> None:
    st.session_state[ASKED] = str(toy.folder)
