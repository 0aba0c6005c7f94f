"""The noise of a trained GAN: samples to choose from, walks between two of them, sums and differences, and sliders."""

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.pictures import enlarged, grid
from genmodels.ui import trained
from genmodels.ui.choice import Entry
from genmodels.ui.code_sliders import code_buttons, code_sliders
from genmodels.ui.gallery import strip
from genmodels.walks import gif, linear, spherical

SAMPLES, A_ROW = 32, 16
FRAMES, FILM_FRAMES, FILM_SECONDS = 11, 48, 4.0
WALKS = {"spherical": spherical, "linear": linear}


def noise_space(entry: Entry) -> None:
    """Everything about the noise of ``entry``."""
    if trained.step(entry) is None:
        st.info("This run has no checkpoint yet: its images can be made after the first.")
        return
    try:
        trained.model(entry)
    except UserError as error:
        st.error(str(error))
        return
    st.fragment(_samples)(entry)
    st.fragment(_sliders)(entry)


def _samples(entry: Entry) -> None:
    st.subheader("Samples")
    seed = st.session_state.setdefault("noise:seed", 0)
    z = np.random.default_rng(seed).normal(size=(SAMPLES, _dimensions(entry)))
    strip(trained.generate(entry, z), f"Samples 0 to {SAMPLES - 1}", columns=A_ROW, scale=2)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Other noise", on_click=_reroll, icon=":material/casino:")
        st.caption(f"Numbered from 0, {A_ROW} a row. Seed {seed}.")
    _walk(entry, z)
    _arithmetic(entry, z)


def _reroll() -> None:
    st.session_state["noise:seed"] += 1


def _walk(entry: Entry, z: np.ndarray) -> None:
    st.subheader("From one sample to another")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start, end = _number("From sample", 0), _number("To sample", 1)
        kind = st.segmented_control(
            "Way", list(WALKS), default="spherical", required=True, key="noise:way", persist_state="session",
            help="Noise lies near a sphere. The arc stays on it; the straight line cuts through the inside, where no noise is.",
        )  # fmt: skip
    walk = WALKS[kind]
    strip(trained.generate(entry, walk(z[start], z[end], FRAMES)), f"The {kind} way from sample {start} to {end}")
    images = trained.generate(entry, walk(z[start], z[end], FILM_FRAMES))
    frames = [enlarged(grid(image[None]), 4) for image in images]
    st.download_button("Film (GIF)", gif(frames, FILM_SECONDS), "walk.gif", "image/gif", icon=":material/movie:")


def _arithmetic(entry: Entry, z: np.ndarray) -> None:
    st.subheader("A - B + C")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        a, b, c = _number("A", 0), _number("B", 1), _number("C", 2)
    result = z[a] - z[b] + z[c]
    codes = np.stack([z[a], z[b], z[c], result])
    strip(trained.generate(entry, codes), f"Samples {a}, {b}, {c}, and what {a} - {b} + {c} gives")
    st.caption(
        "A, B, C, and the image of their sum. Where directions in the noise have a meaning, such as how bold or how slanted "
        "a digit is, the difference of A and B is carried over to C (Radford et al. 2016, section 6.3.2)."
    )


def _number(label: str, default: int) -> int:
    return st.number_input(label, 0, SAMPLES - 1, default, key=f"noise:{label}", persist_state="session", width=140)


def _sliders(entry: Entry) -> None:
    st.subheader("Move the noise by hand")
    dimensions = _dimensions(entry)
    prefix = f"noise:{trained.folder(entry)}"
    left, right = st.columns([1, 3], gap="medium")
    with right:
        with st.container(horizontal=True):
            code_buttons(prefix, dimensions)
        z = code_sliders(prefix, range(dimensions), lambda d: f"z {d}")
    with left:
        image = trained.generate(entry, z[None])
        strip(image, "What the generator makes of this noise", scale=max(1, 224 // image.shape[-1]))


def _dimensions(entry: Entry) -> int:
    return entry.config["latent_dim"]
