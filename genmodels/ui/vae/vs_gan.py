"""A VAE vs. a GAN that was trained on the same images."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.families import FAMILIES, GANConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.language import _
from genmodels.runs.groups import key_of
from genmodels.runs.store import Run
from genmodels.ui.access import permission
from genmodels.ui.access.whose import shown
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry, title
from genmodels.ui.models.test_images import held_out
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.vae.pair import start_pair
from genmodels.ui.vae.vs_gan_scores import Pair, acronym, side_by_side
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.text import plain

GANS = tuple(name for name, config in FAMILIES.items() if issubclass(config, GANConfig))
CHOICE, SEEN = "beside:gan", "beside:seen"
MUST_AGREE = ("dataset", "folder", "class_folders", "image_size", "channels")
SHOWN, A_ROW = 64, 8
PICKER = 420  # pixels
ORIGINALS = 8
NEVER = 3  # see ``_promise``
TICK = 3.0  # seconds between two looks while one of the two trains


def compare(vae: Entry) -> None:
    """Choose what ``vae`` is compared with, or train a pair, and look at both."""
    entries = partners(vae, GANS)
    if not entries:
        st.info(_("No GAN has learnt from the same images yet: train both here, or a GAN in Part 2."))
        _train_both()
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        choice = st.container(width=PICKER)
        menu = f"train-pair:{st.session_state.get(CHOICE)}"  # another one closes it: a pair has been started
        with st.popover(_("Train a pair"), icon=":material/add:", key=menu):
            _train_both()  # first: it sets what is chosen
        explanation("vae-and-gan")
    with choice:
        gan = choose_partner(vae, entries, CHOICE, _("Compare with"))
    pair = (vae, gan)
    alive = [entry.id for entry in pair if isinstance(entry, Run) and entry.alive]
    if alive:
        refresh_every(wait, TICK)(alive)
    if not all(loading.ready(entry) for entry in pair):
        return
    try:
        lines = samples(pair)
        _abilities(pair)
        if alive:
            st.info(_("The scores come when both are trained."))
        elif len(held_out(gan)) < 2:
            st.info(_("To score them side by side needs two test images: train on more images."))
        else:
            side_by_side(pair, lines)
    except UserError as error:
        st.error(plain(error))


def _train_both() -> None:
    if permission.ask():
        start_pair(CHOICE)


def partners(entry: Entry, families: Sequence[str]) -> dict[str, Entry]:
    """The models of some families whose images were those of ``entry``, at the same size, by their names."""
    runs = {run.id: run for run in shown(get_store().runs())}
    everything: dict[str, Entry] = runs | {
        model.name: model for family in families for model in pretrained_models(family)
    }
    return {
        name: other
        for name, other in everything.items()
        if other.config["family"] in families
        and other.config.get("condition", "label") == "label"  # what completes pictures draws none from noise alone
        and _images_of(other) == _images_of(entry)
    }


def choose_partner(entry: Entry, entries: dict[str, Entry], key: str, label: str) -> Entry:
    """Draw the choice; until one is made, it is of one that was started together with ``entry``, or else one that is trained, if there
    is any, and in no case one that has failed where another has not."""

    def order(name: str) -> tuple[bool, bool, int]:
        promise = _promise(entries[name])
        return promise == NEVER, not _together(entry, entries[name]), promise

    if st.session_state.get(key) not in entries:
        st.session_state[key] = min(entries, key=order)
    chosen = st.selectbox(
        label, list(entries), format_func=lambda name: title(entries[name]), key=key,
        label_visibility="collapsed",
    )  # fmt: skip
    return entries[chosen]


def _images_of(entry: Entry) -> list[Any]:
    """What says which images it has learnt from, and which were held out; earlier versions had fewer options."""
    return [entry.config.get(field, VAEConfig.model_fields[field].default) for field in MUST_AGREE]


def _together(entry: Entry, other: Entry) -> bool:
    return isinstance(entry, Run) and isinstance(other, Run) and key_of(entry) == key_of(other) != ""


def _promise(entry: Entry) -> int:
    """How soon there is something to compare with: at once, when it is trained, at once but from a run that was not finished, or ``NEVER``."""
    if isinstance(entry, Pretrained) or entry.state == "finished":
        return 0
    return 1 if entry.alive else 2 if loading.step(entry) is not None else NEVER


def wait(ids: list[str]) -> None:
    """How far the runs are; the page is drawn anew when one of them has ended, or has weights to look at."""
    queue.mark_interrupted(get_store())
    runs = get_store().get_many(ids)
    for run in runs:
        st.progress(
            run.share,
            _("{name}: {state}, epoch {epoch:.1f}", name=plain(run.name), state=_(run.state), epoch=run.epoch),
        )
    now = [(run.state, loading.step(run) is None) for run in runs]
    before, st.session_state[SEEN] = st.session_state.get(SEEN), now
    if before not in (None, now):
        st.rerun()


def samples(entries: Sequence[Entry]) -> list[DeltaGenerator]:
    """Draw them side by side; the line under each is returned, for its scores."""
    lines = []
    with st.container(key="pairs-of-samples"):
        columns = st.columns(len(entries))
    for column, entry in zip(columns, entries, strict=True):
        with column:
            strip(
                loading.samples(entry, SHOWN),
                _("Samples of {title}", title=title(entry)),
                columns=A_ROW,
                width="stretch",
            )
            line = st.container(horizontal=True, vertical_alignment="center")
        line.markdown(f"**{acronym(entry)}**", width="content")
        lines.append(line)
    return lines


def abilities(entries: Sequence[Entry]) -> pd.DataFrame:
    """What each can do: a row an ability, a column a model."""
    able = {acronym(entry): FAMILIES[entry.config["family"]].abilities for entry in entries}
    rows = {
        _(ability): {name: _("yes") if ability in known else _("no") for name, known in able.items()}
        for ability in dict.fromkeys(chain(*able.values()))
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def _abilities(pair: Pair) -> None:
    st.subheader(_("What each can do"))
    left, right = st.columns(2, gap="medium")
    left.table(abilities(pair))
    originals = held_out(pair[1]).images[:ORIGINALS]
    with right:
        again = loading.generate(pair[0], loading.encode(pair[0], originals)[0])
        strip(
            np.concatenate([originals, again]),
            _("Test images, and below what the VAE makes of their codes"),
            columns=A_ROW,
            width="stretch",
        )
        st.caption(
            _(
                "Test images, and what the VAE makes of their codes. A GAN has no encoder: which noise would give "
                "these images, it cannot tell."
            )
        )
