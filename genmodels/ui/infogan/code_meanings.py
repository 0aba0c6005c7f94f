"""What the codes of an InfoGAN mean: what its network Q reads out of real test images, beside their labels."""

import math

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.errors import UserError
from genmodels.export.figures import cluster_heat_map
from genmodels.language import _, listed
from genmodels.latent.infogan_codes import CodeMeaning, spread
from genmodels.ui.components.static_chart import chart
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.session import get_store
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import about, strip
from genmodels.ui.widgets.inline import inline_selection
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

SURE, SORTED, A_ROW = 12, 24, 6  # images shown
CELL = 56  # pixels of one image's side, about
ROW, MOST = 58, 900  # pixels of a row of the heat map, with its share of what is around it, and of all of it


def meanings(entry: Entry) -> None:
    """Everything about what the codes of ``entry`` stand for."""
    if not loading.ready(entry):
        return
    try:
        meaning, images = _meaning(entry), held_out(entry).images
    except UserError as error:
        st.error(plain(error))
        return
    _scores(entry, meaning)
    if meaning.labels is None:
        st.info(_("These images have no labels to compare with: what a code stands for is seen in the images below."))
        fragment(_images)(meaning, images)
        return
    left, right = st.columns(2)
    with left:
        _matching(meaning)
    with right:
        fragment(_images)(meaning, images)
    _table(meaning)


def code_names(entry: Entry) -> tuple[list[str], list[str]]:
    """What each value of the categorical code is called, by what it means where test images with labels tell: in full, and short."""
    values = range(entry.config["categories"])
    try:
        meaning = _meaning(entry)
    except UserError:
        names = [_("code {code}", code=code) for code in values]
        return names, names
    return [_(meaning.name(code)) for code in values], [_(meaning.short_name(code)) for code in values]


def _meaning(entry: Entry) -> CodeMeaning:
    """Raises ``LoadError``, and ``DataError`` where there are no test images."""
    with st.spinner(_("Reading the codes of test images…")), working():
        return _read(loading.identity(entry), entry)


@st.cache_resource(max_entries=8, show_spinner=False)
def _read(identity: loading.Identity, _entry: Entry) -> CodeMeaning:
    images = held_out(_entry)
    return CodeMeaning(*loading.read_codes(_entry, images.images), images.labels, images.classes)


def _scores(entry: Entry, meaning: CodeMeaning) -> None:
    card = entry.card if isinstance(entry, Pretrained) else {"scores": {}}
    with st.container(horizontal=True, gap="medium"):
        if meaning.accuracy is not None:
            st.markdown(
                _("Accuracy of Q as a classifier **{accuracy:.1%}**", accuracy=meaning.accuracy), width="content",
                help=_("Share of {read:,} real test images whose code is matched to their label.", read=len(meaning.read)),
            )  # fmt: skip
        if card["scores"].get("code_accuracy") is not None:
            tried = listed(
                _("seed {seed}: {accuracy:.1%}", seed=int(seed), accuracy=accuracy)
                for seed, accuracy in card.get("seeds_tried", {}).items()
            )
            st.markdown(
                _("on all test images **{accuracy:.1%}**", accuracy=card["scores"]["code_accuracy"]), width="content",
                help=_("Every seed that was tried: {found}.", found=tried) if tried else None,
            )  # fmt: skip
        bound = _bound(entry)
        if bound is not None:
            st.markdown(
                _("Information in the categorical code **{bound:.2f} of {most:.2f} nats**", bound=bound, most=math.log(entry.config['categories'])),
                width="content",
                help=_("How much, at least, an image that the generator makes tells of its code; ln K is all there is."),
            )  # fmt: skip


def _bound(entry: Entry) -> float | None:
    """The newest lower bound, in nats: of a pretrained model as it was scored, of a run as it was in training."""
    if isinstance(entry, Pretrained):
        return entry.card["scores"].get("categorical_bound")
    return get_store().last_metrics(entry.id).get("train/categorical_bound")


def _matching(meaning: CodeMeaning) -> None:
    order = meaning.by_label()
    title = _("Images of each label (columns) that are read as each code (rows, in the order of their labels)")
    st.markdown(
        _("**What each code stands for**"),
        help=_(
            "{title}. Q has read {read:,} real test images, and each code is matched to one label in the best way"
            " (Hungarian method). No label was used in training, so the codes need not come in the order of the "
            "labels, and the accuracy does not depend on their numbers.",
            title=title,
            read=len(meaning.read),
        ),
    )
    figure = cluster_heat_map(meaning.counts[order], [_("code {code}", code=code) for code in order], meaning.classes)
    figure.update_layout(height=max(figure.layout.height, min(MOST, ROW * len(order))))
    chart(figure, title, "meanings:heat")


def _table(meaning: CodeMeaning) -> None:
    codes = range(meaning.probabilities.shape[1])
    table = {
        _("code"): codes,
        _("stands for"): [_(meaning.in_words(code)) for code in codes],
        _("images"): np.bincount(meaning.read, minlength=len(codes)),
    }
    st.caption(_("Each code, and how many of its images have the label that it is matched to"))
    st.dataframe(pd.DataFrame(table), hide_index=True, height="content" if len(codes) <= 20 else "auto")


def _images(meaning: CodeMeaning, images: np.ndarray) -> None:
    k, count = meaning.probabilities.shape[1], meaning.means.shape[1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Real images of**"), help=_("Sorted by what Q reads in them."), width="content")
        code = st.selectbox(
            _("Code"), range(k), format_func=lambda code: _(meaning.name(code)), key=f"meanings:code:{k}",
            persist_state="session", width=210, label_visibility="collapsed",
        )  # fmt: skip
    surest = meaning.surest(code)
    if not len(surest):
        st.info(_("No test image is read as code {code}: choose another code.", code=code))
        return
    for title, own in ((_("surest"), surest[:SURE]), (_("least sure"), surest[::-1][:SURE])):
        first, last = meaning.probabilities[own[[0, -1]], code]
        about_them = _(
            "The {n} of {surest:,} that Q is {title} of: probability {first:.3f} to {last:.3f}",
            n=len(own),
            surest=len(surest),
            title=title,
            first=first,
            last=last,
        )
        _strip(images[own], about_them, _("Test images of code {code} that Q is {title} of", code=code, title=title))
    if count:
        with st.container(horizontal=True, vertical_alignment="center"):
            names = [_("continuous code {number}", number=number) for number in range(count)]
            moved = inline_selection(_("Sorted by"), names, f"meanings:continuous:{count}", width=180)
        own = spread(meaning.rising(code, moved), SORTED)
        first, last = meaning.means[own[[0, -1]], moved]
        about_them = _(
            "{n} of them from the lowest to the highest mean that Q reads, {first:.2f} to {last:.2f}",
            n=len(own),
            first=first,
            last=last,
        )
        _strip(
            images[own], about_them, _("Test images of code {code} by continuous code {moved}", code=code, moved=moved)
        )


def _strip(images: np.ndarray, about_them: str, alt: str) -> None:
    with st.container(gap="xxsmall"):
        st.caption(about_them)
        strip(images, alt, columns=A_ROW, scale=about(images, CELL), width="stretch")
