"""A GAN conditioned on classes: how often a sample shows its class, as an independent classifier sees it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from genmodels.checkpoints.pretrained import find
from genmodels.errors import UserError
from genmodels.export.figures import confusion_heat_map, fidelity_bars
from genmodels.language import _
from genmodels.ui.components.static_chart import chart
from genmodels.ui.conditional.require_condition import has_condition
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.models.cgan import CGAN

A_CLASS, MOST = 200, 2000  # images generated
SEED = 0
MODELS = 50  # of which it is kept in memory


def fidelity(entry: Entry) -> None:
    """The judge's own score first, then what it says of the generated images."""
    if not has_condition(entry, "label"):
        return
    try:
        found = _judged(loading.identity(entry), entry)
    except UserError as error:
        st.error(plain(error))
        return
    if found is None:
        st.info(
            _(
                "No pretrained classifier knows these images: train on MNIST in grey, 28 pixels, to have the labels judged."
            )
        )
        return
    _show(*found, loading.model(entry).classes)


def _show(judge: str, counts: np.ndarray, names: tuple[str, ...]) -> None:
    card: Any = find(judge)
    real = card.card["scores"].get("accuracy")
    shares = np.diag(counts) / counts.sum(1)
    worst = int(shares.argmin())
    with st.container(horizontal=True):
        st.markdown(
            _("Label fidelity **{share:.1%}**", share=np.trace(counts) / counts.sum()), width="content",
            help=_("Samples classified as the class they were conditioned on: {n:,} images, as many of each class, " "judged by *{judge}*, a classifier that was trained on real images alone and plays no part in the " "training of the GAN.", n=int(counts.sum()), judge=judge),
        )  # fmt: skip
        st.markdown(
            _("Worst class: {name} **{share:.1%}**", name=plain(names[worst]), share=shares[worst]), width="content"
        )
        st.markdown(
            _("The judge itself **{score}**", score=_("not scored") if real is None else _("{share:.1%}", share=real)), width="content",
            help=_("Real test images whose label it finds; a generator cannot be expected to surpass it."),
        )  # fmt: skip
    left, right = st.columns([2, 3], gap="medium")
    with left:
        title = _("How often samples of each class are classified as it")
        st.caption(title)
        chart(fidelity_bars(shares, names, real), title, "fidelity:classes")
    with right:
        title = _("As what (columns) samples of each class (rows) are classified")
        st.caption(title)
        chart(confusion_heat_map(counts, names), title, "fidelity:confusion")


@shared(MODELS, lambda found: 1, key=lambda identity, entry: identity)
def _judged(identity: loading.Identity, entry: Entry) -> tuple[str, np.ndarray] | None:
    """Name of the judge and counts (asked, seen), or None where none knows the images."""
    from genmodels.metrics.judge import judge_of
    from genmodels.metrics.scores.labels import label_confusion

    model = loading.model(entry)
    name, classifier = judge_of(model.config)
    if name is None or classifier is None:
        return None
    cgan: CGAN = model.family  # type: ignore[assignment]
    with st.spinner(_("Asking for every class, and looking at what comes out…")), working():
        return name, label_confusion(cgan, classifier, min(MOST, A_CLASS * cgan.num_classes), SEED)
