"""One decoder, and codes from the prior of its VAE, from a flow, and from real images: what each of them draws, with its FID."""

from collections.abc import Hashable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from genmodels.config.families import LatentFlowConfig, understood
from genmodels.language import N_, _
from genmodels.metrics.scores import LEAST
from genmodels.ui.flow.drawing import Settings, transport
from genmodels.ui.flow.sampling import KEY, choose_settings
from genmodels.ui.models import loading
from genmodels.ui.models.judging import judge_of_scores, judged_by
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_line import scores_in_line
from genmodels.ui.models.scores import shown_score
from genmodels.ui.models.shared import shared
from genmodels.ui.models.test_images import held_out
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.shell.navigation import page_of
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.noise import seed
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.metrics.judge import Judge
    from genmodels.metrics.scores.latent_flow import FromSource
    from genmodels.metrics.side_by_side import Measured
    from genmodels.models.latent_flow import LatentFlow, Source

SHOWN, A_ROW = 77, 7  # pictures, which are taller than wide, as what a screen has below its controls
MEASURED = 200  # of which the scores are kept in memory
# Of each source: its title, its codes, and what is to be seen of them.
SOURCES: dict["Source", tuple[str, str, str]] = {
    "prior": (
        N_("From the prior"),
        r"$z \sim \mathcal{N}(0, I)$",
        N_(
            "How the VAE draws new images by itself. The codes of images do not fill the prior: what lies between them the decoder has "
            "never seen, and draws something between two kinds of image."
        ),
    ),
    "flow": (
        N_("From the flow"),
        N_(r"$\mathcal{N}(0, I)$, led to $z$"),
        N_("Noise, led to where the codes are: every sample is new, and the decoder gets what it knows."),
    ),
    "posterior": (
        N_("From real images"),
        r"$z \sim q(z \mid x)$",
        N_(
            "Codes that the encoder gave for test images: the decoder at its best, which no flow can be expected to surpass. None of "
            "these is new."
        ),
    ),
}


def codes(entry: Entry) -> None:
    """Everything about where the codes of ``entry`` come from."""
    if loading.ready(entry):
        fragment(_codes)(entry)


def _codes(entry: Entry) -> None:
    settings = choose_settings(entry)
    images = held_out(entry).images
    found = judge = None
    if len(images) >= 2 * LEAST:  # of which one half is held against the other
        alone = (
            settings.label == transport(entry).num_classes
        )  # with no class; any one class is not what the test images are
        scored = settings if alone else replace(settings, label=None)
        judge = judge_of_scores(entry, "codes:judge")
        found = _measured((loading.identity(entry), judge and judge.name), scored, judge, entry)
    places = st.columns(len(SOURCES), gap="small")
    for place, (source, (title, code, about)) in zip(places, SOURCES.items(), strict=True):
        with place, st.container(key=f"tall-pictures-{source}", gap="xsmall"):
            if source == "prior" and entry.config.get("vae_prior", "normal") != "normal":
                code = r"$z \sim p(z)$"  # which the VAE has learned
            st.markdown(f"**{_(title)}**, {_(code)}", help=_(about))
            drawn = _drawn(entry, source, settings, images)
            strip(
                drawn,
                _("{n} images of codes {source}", n=SHOWN, source=_(title).lower()),
                columns=A_ROW,
                width="stretch",
            )
            if found:
                _scores(
                    found[source], found["real"], found["noise"], judge.task if judge else "labels", len(images) // 2
                )
    judged_by(judge)
    _about(entry, len(images), scored=found is not None)


def _scores(measured: "Measured", real: "Measured", noise: "Measured", task: str, images: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if (fid := measured.scores["fid"]) is not None:
            ends = real.scores["fid"], noise.scores["fid"]
            scores_in_line([shown_score("fid", fid, *ends, task=task, images=images)])
        if measured.milliseconds is not None:
            st.markdown(_("**{milliseconds:.2f} ms** an image", milliseconds=measured.milliseconds), width="content")


def _about(entry: Entry, images: int, *, scored: bool) -> None:
    """What the numbers are of, and the way to the VAE."""
    if scored:
        st.caption(
            _(
                "The same decoder draws all three. The scores are of {images:,} images each, of all classes, against "
                "as many real test images; the codes on the right are of other test images. An image from the right "
                "takes the encoder, too. The flow is conditioned on the class of each sample where images have labels; with the"
                " class *none* it has to do without, as the prior does.",
                images=images // 2,
            )
        )
    else:
        st.caption(
            _("The same decoder draws all three. To score them needs at least {least} test images.", least=2 * LEAST)
        )
    vae = cast(LatentFlowConfig, understood(entry.config, entry.name)).vae
    st.page_link(
        page_of("vae"), label=_("Part 1: the VAE {vae} and its latent space", vae=plain(vae)), icon=":material/arrow_back:",
        query_params={"run": vae, "tab": "Decoder"},
    )  # fmt: skip


def _drawn(entry: Entry, source: "Source", settings: Settings, images: np.ndarray) -> np.ndarray:
    """uint8 (SHOWN, C, H, W), of the noise that the visitor can resample; of the test images the first ones."""
    import torch

    from genmodels.data.noise import Noise
    from genmodels.data.pixels import drawn_to_uint8

    real = torch.from_numpy(images[np.arange(SHOWN) % len(images)])
    drawn = _source(entry, source, settings).random_samples(real, Noise(seed(KEY)))
    return drawn_to_uint8(drawn).numpy()


def _source(entry: Entry, source: "Source", settings: Settings) -> "FromSource":
    from genmodels.metrics.scores.latent_flow import FromSource

    return FromSource(cast("LatentFlow", transport(entry)), source, asdict(settings))


@shared(MEASURED, lambda measured: 1, key=lambda which, settings, judge, entry: (which, settings))
def _measured(which: Hashable, settings: Settings, judge: "Judge | None", entry: Entry) -> "dict[str, Measured]":
    """Of each source, of ``real`` images and of ``noise``."""
    import torch

    from genmodels.metrics.side_by_side import Comparison

    with st.spinner(_("Drawing and judging images of each…")), working():
        comparison = Comparison(judge, torch.from_numpy(held_out(entry).images))
        each: dict[str, Measured] = {
            source: comparison.generated(_source(entry, source, settings)) for source in SOURCES
        }
        return each | {"real": comparison.real(), "noise": comparison.noise()}
