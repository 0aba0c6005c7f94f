"""A GAN conditioned on classes: how often a sample shows its class, as an independent classifier sees it."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.export.figures import confusion_heat_map, fidelity_bars
from genmodels.language import _
from genmodels.ui.components.static_chart import chart
from genmodels.ui.conditional.require_condition import has_condition
from genmodels.ui.models import loading
from genmodels.ui.models.judging import judge_or_wait
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.metrics.judge import Judge
    from genmodels.models.cgan import CGAN

A_CLASS, MOST = 200, 2000  # images generated
SEED = 0
MODELS = 50  # of which it is kept in memory


def fidelity(entry: Entry) -> None:
    """The judge's own score first, then what it says of the generated images."""
    if not has_condition(entry, "label"):
        return
    try:
        if (judge := judge_or_wait(entry, "fidelity:judge")) is None:
            return
        counts = _counted((loading.identity(entry), judge.name), judge, entry)
    except UserError as error:
        st.error(plain(error))
        return
    if counts is None:
        st.info(
            _("The images have other classes now than this model has learnt: train it again, or choose another one.")
        )
        return
    _show(judge, counts, loading.model(entry).classes)


def _show(judge: "Judge", counts: np.ndarray, names: tuple[str, ...]) -> None:
    real = judge.accuracy
    shares = np.diag(counts) / counts.sum(1)
    worst = int(shares.argmin())
    with st.container(horizontal=True):
        st.markdown(
            _("Label fidelity **{share:.1%}**", share=np.trace(counts) / counts.sum()), width="content",
            help=_("Samples classified as the class they were conditioned on: {n:,} images, as many of each class, " "judged by *{judge}*, a classifier that was trained on real images alone and plays no part in the " "training of the GAN.", n=int(counts.sum()), judge=_(judge.name)),
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


@shared(MODELS, lambda found: 1, key=lambda which, judge, entry: which)
def _counted(which: Hashable, judge: "Judge", entry: Entry) -> np.ndarray | None:
    """The counts (asked, seen), or None where the judge knows other classes; ``which`` tells this model and its judge from others."""
    from genmodels.metrics.scores.labels import label_confusion

    model = loading.model(entry)
    if not judge.knows(model.classes):
        return None
    cgan: CGAN = model.family  # type: ignore[assignment]
    with st.spinner(_("Asking for every class, and looking at what comes out…")), working():
        return label_confusion(cgan, judge, model.classes, min(MOST, A_CLASS * cgan.num_classes), SEED)
