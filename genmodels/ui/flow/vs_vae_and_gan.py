"""A flow, a VAE and a GAN that were trained on the same images, side by side."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.config.families import DCGANConfig, FlowConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.runs.store import Run
from genmodels.ui.access import permission
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry, title
from genmodels.ui.models.score_line import scores_in_line
from genmodels.ui.models.scores import ShownScore
from genmodels.ui.models.stored import stored_samples, stored_scores
from genmodels.ui.models.test_images import held_out
from genmodels.ui.session import select
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.training.matched_runs import shared_fields, start_alike
from genmodels.ui.vae.vs_gan import GANS, TICK, abilities, choose_partner, partners, wait
from genmodels.ui.vae.vs_gan_scores import acronym, are_measured, facts, side_by_side
from genmodels.ui.widgets.images import show_enlarged
from genmodels.ui.widgets.text import plain

CHOICES = {"vae": "three:vae", "gan": "three:gan"}
COSTS = N_(
    "A VAE and a GAN draw an image in one step of their decoder or generator. A flow evaluates its network for each step, which "
    "costs time, and needs neither an opponent nor a bound: its loss is plain regression. Only the VAE finds codes and bounds a "
    "probability here; only the flow completes pictures without having been trained to."
)
STORED = N_(
    "The samples above and their scores are those of each model's own evaluation, which may be of different numbers of samples: fewer make "
    "an FID larger. Beside each is what real images reach in the same number."
)
ALIKE = N_(
    "Draws as many images of each, up to 1,000, and holds them against the same test images. A flow takes longest."
)
ASKED = "three:asked"  # the models that the visitor wants to be scored


def compare(flow: Entry) -> None:
    """Choose what ``flow`` is compared with, or train all three, and look at them."""
    others = {"vae": partners(flow, ("vae",)), "gan": partners(flow, GANS)}
    if not all(others.values()):
        st.info(_("There is no VAE or no GAN of the same images yet: train all three here."))
        _train()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        places = [st.container(width=340) for _ in others]
        menu = f"train-three:{st.session_state.get(CHOICES['gan'])}"  # another one closes it: three have been started
        with st.popover(_("Train three alike"), icon=":material/add:", key=menu):
            _train()  # first: it sets what is chosen
    chosen: list[Entry] = []
    for place, (kind, entries) in zip(places, others.items(), strict=True):
        with place:
            chosen.append(
                choose_partner(flow, entries, CHOICES[kind], _("{family} to compare with", family=kind.upper()))
            )
    three = (*chosen, flow)
    alive = [entry.id for entry in three if isinstance(entry, Run) and entry.alive]
    if alive:
        refresh_every(wait, TICK)(alive)
    if any(loading.step(entry) is None for entry in three):
        st.info(_(loading.NONE_YET))
        return
    models = [loading.identity(entry) for entry in three]
    measures = not alive and (st.session_state.get(ASKED) == models or are_measured(three))
    lines = _stored(three, scores=not measures)
    left, right = st.columns(2, gap="medium")
    left.markdown("**" + _("What each can do") + "**", help=_(COSTS))
    left.table(abilities(three))
    right.markdown("**" + _("What is stored of them") + "**", help=_(STORED))
    right.table(pd.DataFrame({acronym(entry): _more_scores(entry) | facts(entry) for entry in three}).fillna("—"))
    if alive:
        st.info(_("The scores come when all are trained."))
    elif measures:
        _measure(three, lines)
    else:
        st.button(
            _("Score all three alike"), icon=":material/balance:", key="three:measure", help=_(ALIKE),
            on_click=st.session_state.__setitem__, args=(ASKED, models),
        )  # fmt: skip


def _stored(three: Sequence[Entry], *, scores: bool) -> list[DeltaGenerator]:
    """Draw their newest samples side by side, without loading them; the line under each is returned."""
    lines = []
    with st.container(key="pairs-of-samples"):
        columns = st.columns(len(three))
    for column, entry in zip(columns, three, strict=True):
        with column:
            if picture := stored_samples(entry):
                show_enlarged(str(picture), _("Samples of {title}", title=title(entry)))
            else:
                st.caption(_("Pictures come at the first preview."))
            line = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        with line:
            scores_in_line(stored_scores(entry)[:1] if scores else [], whose=acronym(entry))
        lines.append(line)
    return lines


def _more_scores(entry: Entry) -> dict[str, str]:
    """Those that are not under its samples, each beside what real images reach."""
    return {score.title: _beside_real(score) for score in stored_scores(entry)[1:]}


def _beside_real(score: ShownScore) -> str:
    real = _("real {value}", value=score.real)
    return f"{score.value} ({real})" if score.real else score.value


def _measure(three: Sequence[Entry], lines: Sequence[DeltaGenerator]) -> None:
    """As many samples of each, now."""
    if not all(loading.ready(entry) for entry in three):
        return
    try:
        if len(held_out(three[-1])) < 2:
            st.info(_("To score them side by side needs two test images: train on more images."))
        else:
            side_by_side(three, lines, _("*Train all three*"))
    except UserError as error:
        st.error(plain(error))


def _train() -> None:
    if permission.ask():
        _start()


def _start() -> None:
    """A form that trains all three, one after the other; the page then shows the flow, and the others are its partners."""
    with st.form("three", enter_to_submit=False, border=True):
        *columns, last = st.columns([4, 2, 2, 3], vertical_alignment="bottom")
        values = shared_fields(columns, "three")
        if not last.form_submit_button(
            _("Train all three"), type="primary", icon=":material/play_arrow:", width="stretch"
        ):
            return
    configs = [config.model_validate(values) for config in (VAEConfig, DCGANConfig, FlowConfig)]
    started = start_alike("three", {config.acronym: config for config in configs})
    if started is None:
        return
    vae, gan, flow = started
    st.session_state[CHOICES["vae"]], st.session_state[CHOICES["gan"]] = vae.id, gan.id
    select("flow", flow.id)
    st.rerun()
