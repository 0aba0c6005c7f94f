"""A VAE vs. a GAN that was trained on the same images."""

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.families import FAMILIES, GANConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs.store import Run
from genmodels.ui.access import permission
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry, title
from genmodels.ui.models.scores import EACH_KIND, shown_score
from genmodels.ui.models.shared import shared
from genmodels.ui.models.test_images import held_out
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.vae.pair import start_pair
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.progress import duration, working
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.metrics.side_by_side import Measured

Pair = tuple[Entry, Entry]

GANS = tuple(name for name, config in FAMILIES.items() if issubclass(config, GANConfig))
CHOICE, SEEN = "beside:gan", "beside:seen"
MUST_AGREE = ("dataset", "folder", "class_folders", "image_size", "channels")
SHOWN, A_ROW = 40, 8
ORIGINALS = 8
PAIRS = 50  # whose scores are kept in memory
TICK = 3.0  # seconds between two looks while one of the two trains
OWN_SCORES = ("neg_elbo", "iw_nll", "kmeans_acc_mean", "active_units", "label_fidelity", "code_accuracy")
BUDGET = {"epochs": "epochs", "batch_size": "images in a step", "seed": "seed"}


def compare(vae: Entry) -> None:
    """Train a pair, choose what ``vae`` is compared with, and look at both."""
    if permission.ask():
        start_pair(CHOICE)
    gan = _choose(vae)
    if gan is None:
        st.info("No GAN has learnt from the same images yet: train both here, or a GAN in Part 2.")
        return
    pair = (vae, gan)
    alive = [entry.id for entry in pair if isinstance(entry, Run) and entry.alive]
    if alive:
        refresh_every(_wait, TICK)(alive)
    if not all(loading.ready(entry) for entry in pair):
        return
    try:
        _samples(pair)
        _abilities(pair)
        if alive:
            st.info("The scores come when both are trained.")
        elif len(held_out(gan)) < 2:
            st.info("To score them side by side needs two test images: train on more images.")
        else:
            _scores(pair)
    except UserError as error:
        st.error(plain(error))


def _choose(vae: Entry) -> Entry | None:
    """What the visitor chooses of the GANs whose images were those of ``vae``, at the same size."""
    runs = {run.id: run for run in get_store().runs()}
    everything: dict[str, Entry] = runs | {model.name: model for family in GANS for model in pretrained_models(family)}
    entries = {
        name: entry
        for name, entry in everything.items()
        if entry.config["family"] in GANS
        and entry.config.get("condition", "label") == "label"  # what completes pictures draws none from noise alone
        and _images_of(entry) == _images_of(vae)
    }
    if not entries:
        return None
    if st.session_state.get(CHOICE) not in entries:
        st.session_state[CHOICE] = min(entries, key=lambda name: _promise(entries[name]))
    return entries[
        st.selectbox("Compare with", list(entries), format_func=lambda name: title(entries[name]), key=CHOICE)
    ]


def _images_of(entry: Entry) -> list[Any]:
    """What says which images it has learnt from, and which were held out; earlier versions had fewer options."""
    return [entry.config.get(field, VAEConfig.model_fields[field].default) for field in MUST_AGREE]


def _promise(entry: Entry) -> int:
    """How soon there is something to compare with: at once, when it is trained, or maybe never."""
    if isinstance(entry, Pretrained) or entry.state == "finished":
        return 0
    return 1 if entry.alive else 2


def _wait(ids: list[str]) -> None:
    """How far the runs are; the page is drawn anew when one of them has ended, or has weights to look at."""
    queue.mark_interrupted(get_store())
    runs = get_store().get_many(ids)
    for run in runs:
        st.progress(run.share, f"{plain(run.name)}: {run.state}, epoch {run.epoch:.1f}")
    now = [(run.state, loading.step(run) is None) for run in runs]
    before, st.session_state[SEEN] = st.session_state.get(SEEN), now
    if before not in (None, now):
        st.rerun()


def _samples(pair: Pair) -> None:
    st.subheader("Samples")
    for column, entry in zip(st.columns(2, gap="medium"), pair, strict=True):
        with column:
            strip(loading.samples(entry, SHOWN), f"Samples of {title(entry)}", columns=A_ROW)
            st.caption(_name(entry))


def _abilities(pair: Pair) -> None:
    st.subheader("What each can do")
    able = {_name(entry): FAMILIES[entry.config["family"]].abilities for entry in pair}
    rows = {
        ability: {name: "yes" if ability in abilities else "no" for name, abilities in able.items()}
        for ability in dict.fromkeys(chain(*able.values()))
    }
    left, right = st.columns(2, gap="medium")
    left.table(pd.DataFrame.from_dict(rows, orient="index"))
    originals = held_out(pair[1]).images[:ORIGINALS]
    with right:
        again = loading.generate(pair[0], loading.encode(pair[0], originals)[0])
        strip(
            np.concatenate([originals, again]),
            "Test images, and below what the VAE makes of their codes",
            columns=A_ROW,
        )
        st.caption(
            "Test images, and what the VAE makes of their codes. A GAN has no encoder: which noise would give "
            "these images, it cannot tell."
        )


def _scores(pair: Pair) -> None:
    st.subheader("Side by side")
    vae, gan = pair
    classes = len(loading.model(gan).classes)
    models = tuple(loading.identity(entry) for entry in pair)
    *generated, real = [_cells(found, classes) for found in _measured(models, vae, gan)]
    columns = {_name(entry): _facts(entry) | cells for entry, cells in zip(pair, generated, strict=True)}
    st.table(pd.DataFrame(columns | {"real images": real}).fillna("—"))
    st.caption(
        f"Each drew {len(held_out(gan)) // 2:,} images, which were held against as many real test images; *real images* are "
        "other test images: no generator can be expected to do better. Sharpness is how much neighbouring pixels differ, "
        "diversity the mean distance of two images, each divided by that of real ones. The time for an image is this machine's. "
        f"Scores by the classifier need at least {EACH_KIND}, and are left out for fewer."
    )
    differ = [name for field, name in BUDGET.items() if vae.config[field] != gan.config[field]]
    if differ:
        st.caption(f"The two differ in {' and '.join(differ)}: *Train both* gives a pair that does not.")


@shared(PAIRS, lambda measured: 1, key=lambda models, vae, gan: models)
def _measured(models: tuple[loading.Identity, ...], vae: Entry, gan: Entry) -> list["Measured"]:
    """Of the VAE, of the GAN, and of real images; ``models`` tells one pair from another."""
    import torch

    from genmodels.metrics.side_by_side import Comparison

    other = loading.model(gan)
    with st.spinner("Drawing and judging images of both…"), working():
        comparison = Comparison(other.config, torch.from_numpy(held_out(gan).images))
        return [comparison.generated(loading.model(vae).family), comparison.generated(other.family), comparison.real()]


def _name(entry: Entry) -> str:
    return FAMILIES[entry.config["family"]].acronym


def _facts(entry: Entry) -> dict[str, str]:
    """What went in, and of the scores those that need more than images."""
    if isinstance(entry, Pretrained):
        seconds, own = 60 * entry.card["minutes"], entry.card["scores"]
    else:
        last = get_store().last_metrics(entry.id)
        seconds, own = entry.seconds, {name.removeprefix("test/"): value for name, value in last.items()}
    facts = {name: str(entry.config[field]) for field, name in BUDGET.items()} | {"trained for": duration(seconds)}
    latent_dim = entry.config.get("latent_dim")
    known = [shown_score(name, own[name], latent_dim=latent_dim) for name in OWN_SCORES if own.get(name) is not None]
    return facts | {score.title: score.value for score in known}


def _cells(measured: "Measured", classes: int) -> dict[str, str]:
    cells = {"time for an image": f"{measured.milliseconds:.2f} ms"} if measured.milliseconds is not None else {}
    cells |= {"sharpness": f"{measured.sharpness:.2f}", "diversity": f"{measured.diversity:.2f}"}
    found = {name: value for name, value in measured.scores.items() if value is not None}
    known = [shown_score(name, value, classes=classes) for name, value in found.items()]
    return cells | {score.title: score.value for score in known}
