"""The noise of a trained GAN: samples to choose from, walks between two of them, sums and differences, and sliders."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.checkpoints.integrity import BEST
from genmodels.language import N_, _
from genmodels.latent.interpolation import linear, spherical
from genmodels.runs.store import Run
from genmodels.ui.gan.nearest_training_images import nearest_training_images
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.inline import inline_number
from genmodels.ui.widgets.interpolation import STRIP_FRAMES, film_button
from genmodels.ui.widgets.latent_sliders import code_buttons, code_sliders, start_at
from genmodels.ui.widgets.noise import noise, resample_button, seed

if TYPE_CHECKING:
    from genmodels.inference.restore import Weights

SAMPLES, A_ROW = 32, 8
EXAMPLES = 5  # samples that one letter of A - B + C is the mean of, at most
SUM_SIDE = 168  # pixels of an image of A - B + C, at most; the browser makes them as narrow as their place
WAYS = N_(
    "Noise lies near a sphere. The first row of images is on an arc, which stays on it; the second on a straight line, which cuts "
    "through the inside, where no noise is. The film is of the arc."
)
SUMS = N_(
    "What the mean noise of A, of B and of C gives, then A - B + C. Where directions in the noise have a meaning, such as "
    "how bold, how slanted or how bright an image is, the difference of A and B is carried over to C. With three examples a letter the "
    "sums are steadier than with one (Radford et al. 2016, section 6.3.2)."
)

Walk = Callable[[np.ndarray, np.ndarray, int], np.ndarray]  # two codes (D,), and how many on the way -> (n, D)
WALKS: dict[str, Walk] = {N_("spherical"): spherical, N_("linear"): linear}
Generate = Callable[[np.ndarray], np.ndarray]  # noise (N, D) -> uint8 images (N, C, H, W)


def noise_space(entry: Entry) -> None:
    """Everything about the noise of ``entry``."""
    if not loading.ready(entry):
        return
    generate = partial(loading.generate, entry, weights=_weights(entry))
    fragment(_samples)(entry, generate)
    fragment(_sliders)(entry.config["latent_dim"], generate, f"noise:{loading.folder(entry)}")


def _weights(entry: Entry) -> "Weights":
    """Which of its generators to use; a pretrained model has but one."""
    if not isinstance(entry, Run):
        return "averaged"
    averages = entry.config["ema_decay"] > 0
    choices: dict[str, Weights] = {N_("averaged (EMA)") if averages else N_("newest"): "averaged"}
    if averages:
        choices[N_("last")] = "last"
    if (best := loading.step(entry, BEST)) is not None:
        choices[N_("best (step {step:,})", step=best)] = "best"
    if len(choices) == 1:
        return "averaged"
    chosen = st.segmented_control(
        _("Weights"), list(choices), format_func=_, default=next(iter(choices)), required=True, key="noise:weights", persist_state="session",
        help=_("The generator with the moving average of its weights, which is steadier; or as the last step left it; or the "
        "average when its samples were best."),
    )  # fmt: skip
    return choices.get(chosen, "averaged")


def _samples(entry: Entry, generate: Generate) -> None:
    z = noise("noise", SAMPLES, entry.config["latent_dim"])
    samples = generate(z)
    left, right = st.columns([2.1, 1], gap="small")
    with left:
        strip(samples, _("Samples 0 to {last}", last=SAMPLES - 1), columns=A_ROW)
    with right:
        _arithmetic(z, samples, generate)
    with st.container(horizontal=True, vertical_alignment="center"):
        resample_button("noise")
        st.markdown(
            _("Seed {seed}", seed=seed("noise")),
            help=_("Samples are numbered from 0, {a_row} a row.", a_row=A_ROW),
            width="content",
        )
        start = inline_number(_("From sample"), SAMPLES - 1, 0, "noise:From sample")
        end = inline_number(_("To sample"), SAMPLES - 1, 1, "noise:To sample")
        ways = {kind: partial(_walk, walk, z[start], z[end], generate) for kind, walk in WALKS.items()}
        film_button(ways["spherical"], "walk.gif")
        st.markdown(_("Arc and line"), help=_(WAYS), width="content")
    for kind, images in ways.items():
        strip(
            images(STRIP_FRAMES),
            _("The {kind} way from sample {start} to {end}", kind=_(kind), start=start, end=end),
            width="stretch",
        )
    nearest_training_images(entry, samples)


def _walk(walk: Walk, start: np.ndarray, end: np.ndarray, generate: Generate, n: int) -> np.ndarray:
    return generate(walk(start, end, n))


def _arithmetic(z: np.ndarray, samples: np.ndarray, generate: Generate) -> None:
    picture = st.container()
    with st.popover("A - B + C", icon=":material/exposure:", width="stretch"):
        st.caption(_(SUMS))
        picked = [_examples(letter, [number], samples) for number, letter in enumerate("ABC")]
    with picture:
        if not all(picked):
            st.info(_("A letter has no example: pick at least one sample for each of A, B and C."))
            return
        a, b, c = (z[numbers].mean(0) for numbers in picked)
        images = generate(np.stack([a, b, c, a - b + c]))
        strip(images, _("What A, B and C give, and what A - B + C gives"), columns=2, scale=at_most(images, SUM_SIDE))


def _examples(letter: str, default: list[int], samples: np.ndarray) -> list[int]:
    """The numbers of the samples that the visitor picks for a letter, drawn below."""
    numbers = st.multiselect(
        _("{letter}: samples", letter=letter), range(SAMPLES), default, max_selections=EXAMPLES, key=f"noise:{letter}",
        persist_state="session",
    )  # fmt: skip
    if numbers:
        strip(
            samples[numbers],
            _("{letter}: samples {numbers}", letter=letter, numbers=", ".join(map(str, numbers))),
            scale=2,
        )
    return numbers


def _sliders(dimensions: int, generate: Generate, prefix: str) -> None:
    # Not at 0, the middle of all noise, of which the generator has seen none: most of its pixels stay black there.
    start_at(prefix, np.random.default_rng(0).normal(size=dimensions))
    left, right = st.columns([1, 3], gap="medium")
    with right:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("**Move the noise by hand**"), width="content")
            code_buttons(prefix, dimensions)
        with st.container(key="pairs-of-sliders"):
            z = code_sliders(prefix, range(dimensions), lambda d: f"z {d}")
    with left:
        image = generate(z[None])
        strip(image, _("What the generator makes of this noise"), scale=at_most(image, 224))
