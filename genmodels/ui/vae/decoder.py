"""Play with the decoder of a trained VAE: move a code by hand, walk from one image to another, look at a whole plane."""

from statistics import NormalDist

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.export.figures import kl_bars
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.latent.interpolation import linear
from genmodels.latent.pca import principal_plane
from genmodels.ui.components.static_chart import chart
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.vae.own_image import own_image
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.latent_sliders import code_buttons, code_sliders, set_code
from genmodels.ui.widgets.text import plain

IMAGES = latent_codes.STORED_IMAGES  # test images, which say how much each dimension carries
FRAMES = 11
SIDE = 15  # of the manifold grid


def decoder(entry: Entry) -> None:
    """Everything about the decoder of ``entry``."""
    if loading.step(entry) is None:
        st.info(loading.NONE_YET)
        return
    try:
        codes = loading.codes(entry, "test", IMAGES)
        loading.model(entry)
    except (UserError, OSError) as error:
        st.error(plain(error))
        return
    _sliders(entry, codes)
    _interpolation(entry, codes)
    _manifold(entry, codes)
    own_image(entry, codes)


@fragment
def _sliders(entry: Entry, codes: Codes) -> None:
    st.subheader("Move a code by hand")
    order = np.argsort(-codes.kl)
    prefix = f"decoder:{codes.folder}"
    left, right = st.columns([1, 3], gap="medium")
    with right:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            image = number_below("Code of test image", len(codes), "decoder:image", width=160)
            st.button("Take it", on_click=set_code, args=(prefix, codes.mu[image]), icon=":material/image:")
            code_buttons(prefix, len(order))
        st.caption(
            "One slider a dimension, those that carry most first. The prior is a standard normal: most codes lie within ±2."
        )
        z = code_sliders(prefix, order, lambda d: f"{d} ({codes.kl[d]:.2f} nats)")
    with left:
        decoded = loading.generate(entry, z[None])
        strip(decoded, "What the decoder makes of this code", scale=at_most(decoded, 224))
        st.caption("The decoder's image")
    active = codes.active
    st.caption(f"Active units: **{active.sum()} of {len(active)}** dimensions have a mean that moves with the image.")
    chart(kl_bars(codes.kl, active), f"KL of each of {len(active)} dimensions, the largest first", "decoder:kl")


@fragment
def _interpolation(entry: Entry, codes: Codes) -> None:
    st.subheader("From one image to another")
    left, middle, right = st.columns([1, 6, 1], vertical_alignment="center")
    ends = []
    for column, name, default in ((left, "From image", 0), (right, "To image", 1)):
        with column:
            index = number_below(name, len(codes), f"decoder:{name}", default)
            strip(codes.images[index : index + 1], f"Test image {index}", scale=2)
            ends.append(codes.mu[index])
    with middle:
        strip(loading.generate(entry, linear(ends[0], ends[1], FRAMES)), "The images on the way")
        st.caption(
            "The decoder's images on the straight line between the two codes. Each step is a plausible digit if the space is smooth."
        )


@fragment
def _manifold(entry: Entry, codes: Codes) -> None:
    st.subheader("A plane of codes")
    kinds = ["two most active dimensions", "two principal axes"]
    kind = kinds[0]
    if codes.mu.shape[1] > 2:
        kind = st.segmented_control(
            "Axes", kinds, default=kinds[0], required=True, key="decoder:axes", persist_state="session"
        )
    shown = loading.generate(entry, plane_of_codes(codes, kind == kinds[1]))
    strip(shown, f"Images over the {kind}", columns=min(SIDE, len(shown)), scale=1 if shown.shape[-1] > 32 else 2)
    st.caption(
        "Neighbouring images have neighbouring codes; the steps are even in the probability of the prior (Kingma & Welling "
        "2014, figure 4), or in the spread of the codes for the principal axes. All other dimensions keep their mean."
    )


def plane_of_codes(codes: Codes, principal: bool) -> np.ndarray:
    """A square of codes, row by row from the top left, (15 * 15, D); a line of 15 if there is one dimension only."""
    steps = np.array([NormalDist().inv_cdf(share) for share in np.linspace(0.02, 0.98, SIDE)])
    mu = codes.mu
    if mu.shape[1] == 1:
        return steps[:, None]
    across, down = np.meshgrid(steps, steps[::-1])
    square = np.stack([across.ravel(), down.ravel()], axis=1)
    if principal:
        plane = principal_plane(mu)
        return plane.lift(square * plane.project(mu).std(0))
    z = np.tile(mu.mean(0), (len(square), 1))
    z[:, np.argsort(-codes.kl)[:2]] = square
    return z
