"""The noise of a trained GAN: samples to choose from, walks between two of them, sums and differences, and sliders."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.checkpoints.integrity import BEST
from genmodels.latent.interpolation import linear, spherical
from genmodels.runs.store import Run
from genmodels.ui.gan.nearest_training_images import nearest_training_images
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.interpolation import way
from genmodels.ui.widgets.latent_sliders import code_buttons, code_sliders, start_at
from genmodels.ui.widgets.noise import noise, resample_button, seed

if TYPE_CHECKING:
    from genmodels.inference.restore import Weights

SAMPLES, A_ROW = 32, 8
EXAMPLES = 5  # samples that one letter of A - B + C is the mean of, at most
WALKS = {"spherical": spherical, "linear": linear}

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
    choices: dict[str, Weights] = {"averaged (EMA)" if averages else "newest": "averaged"}
    if averages:
        choices["last"] = "last"
    if (best := loading.step(entry, BEST)) is not None:
        choices[f"best (step {best:,})"] = "best"
    if len(choices) == 1:
        return "averaged"
    chosen = st.segmented_control(
        "Weights", list(choices), default=next(iter(choices)), required=True, key="noise:weights", persist_state="session",
        help="The generator with the moving average of its weights, which is steadier; or as the last step left it; or the "
        "average when its samples were best.",
    )  # fmt: skip
    return choices.get(chosen, "averaged")


def _samples(entry: Entry, generate: Generate) -> None:
    st.subheader("Samples")
    z = noise("noise", SAMPLES, entry.config["latent_dim"])
    samples = generate(z)
    strip(samples, f"Samples 0 to {SAMPLES - 1}", columns=A_ROW, scale=2)
    with st.container(horizontal=True, vertical_alignment="center"):
        resample_button("noise")
        st.caption(f"Numbered from 0, {A_ROW} a row. Seed {seed('noise')}.")
    _walk(z, generate)
    _arithmetic(z, samples, generate)
    nearest_training_images(entry, samples)


def _walk(z: np.ndarray, generate: Generate) -> None:
    st.subheader("From one sample to another")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start, end = _number("From sample", 0), _number("To sample", 1)
        kind = st.segmented_control(
            "Way", list(WALKS), default="spherical", required=True, key="noise:way", persist_state="session",
            help="Noise lies near a sphere. The arc stays on it; the straight line cuts through the inside, where no noise is.",
        )  # fmt: skip
    walk = WALKS[kind]
    alt = f"The {kind} way from sample {start} to {end}"
    way(lambda n: generate(walk(z[start], z[end], n)), alt, "walk.gif")


def _number(label: str, default: int) -> int:
    return st.number_input(label, 0, SAMPLES - 1, default, key=f"noise:{label}", persist_state="session", width=140)


def _arithmetic(z: np.ndarray, samples: np.ndarray, generate: Generate) -> None:
    st.subheader("A - B + C")
    picked = []
    for column, letter, default in zip(st.columns(3), "ABC", ([0], [1], [2]), strict=True):
        with column:
            picked.append(_examples(letter, default, samples))
    if not all(picked):
        st.info("A letter has no example: pick at least one sample for each of A, B and C.")
        return
    a, b, c = (z[numbers].mean(0) for numbers in picked)
    strip(generate(np.stack([a, b, c, a - b + c])), "What A, B and C give, and what A - B + C gives")
    st.caption(
        "What the mean noise of A, of B and of C gives, then A - B + C. Where directions in the noise have a meaning, such as "
        "how bold or how slanted a digit is, the difference of A and B is carried over to C. With three examples a letter the "
        "sums are steadier than with one (Radford et al. 2016, section 6.3.2)."
    )


def _examples(letter: str, default: list[int], samples: np.ndarray) -> list[int]:
    """The numbers of the samples that the visitor picks for a letter, drawn below."""
    numbers = st.multiselect(
        f"{letter}: samples", range(SAMPLES), default, max_selections=EXAMPLES, key=f"noise:{letter}",
        persist_state="session",
    )  # fmt: skip
    if numbers:
        strip(samples[numbers], f"{letter}: samples {', '.join(map(str, numbers))}", scale=2)
    return numbers


def _sliders(dimensions: int, generate: Generate, prefix: str) -> None:
    st.subheader("Move the noise by hand")
    # Not at 0, the middle of all noise, of which the generator has seen none: most of its pixels stay black there.
    start_at(prefix, np.random.default_rng(0).normal(size=dimensions))
    left, right = st.columns([1, 3], gap="medium")
    with right:
        with st.container(horizontal=True):
            code_buttons(prefix, dimensions)
        z = code_sliders(prefix, range(dimensions), lambda d: f"z {d}")
    with left:
        image = generate(z[None])
        strip(image, "What the generator makes of this noise", scale=at_most(image, 224))
