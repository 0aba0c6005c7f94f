"""Play with the decoder of a trained VAE: move a code by hand, walk from one image to another, look at a whole plane."""

import math
from functools import partial
from statistics import NormalDist

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.export.figures import kl_bars
from genmodels.language import N_, _
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.latent.interpolation import linear
from genmodels.latent.pca import principal_plane
from genmodels.ui.components.clickable_grid import clickable_grid
from genmodels.ui.components.static_chart import chart
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.vae.flow_link import flow_link
from genmodels.ui.vae.own_image import own_image
from genmodels.ui.vae.prior import has_learned_prior, prior_and_posterior
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.latent_sliders import REACH, code_buttons, code_sliders, set_code, start_at
from genmodels.ui.widgets.text import plain

IMAGES = latent_codes.STORED_IMAGES  # test images, which say how much each dimension carries
FRAMES = 11
SIDE = 15  # of the manifold grid
FIRST = 6  # sliders, under each other
LARGEST = 336  # pixels of the image's side
COLUMNS = (30, 12, 51)  # widths of image, sliders and plane
AXES = (N_("dimensions"), N_("principal axes"))
PLANE = N_(
    "Press an image to take its code. Neighbouring images have neighbouring codes; the steps are even in the probability of the prior (Kingma & Welling "
    "2014, figure 4), or in the spread of the codes for the principal axes. All other dimensions keep their mean."
)
CODE = N_(
    "One slider a dimension, those that carry most first. The prior is a standard normal: most codes lie within ±2. A dimension "
    "is active if its mean moves with the image."
)
OF_LEARNED_PRIOR = N_(
    "One slider a dimension, those that carry most first. The prior is learned: how wide its codes are, and how they hang together, is "
    "not that of a standard normal. The nats are of the KL from a normal distribution with the mean and spread of the dimension, which "
    "is active if its mean moves with the image."
)
WAY = N_(
    "The decoder's images on the straight line between the codes of two test images. Each step is a plausible image if the "
    "space is smooth."
)


def decoder(entry: Entry) -> None:
    """Everything about the decoder of ``entry``."""
    if loading.step(entry) is None:
        st.info(loading.NONE_YET)
        return
    try:
        codes = loading.codes(entry, "test", IMAGES)
        loading.generate(entry, codes.mu[:1])  # so that a model that draws no numbers is told of once, not in each part
    except (UserError, OSError) as error:
        st.error(plain(error))
        return
    _code_and_plane(entry, codes)
    _interpolation(entry, codes)
    prior_and_posterior(entry, codes)
    own_image(entry, codes)
    flow_link(entry)


@fragment
def _code_and_plane(entry: Entry, codes: Codes) -> None:
    """The image of a code, its sliders, and a plane of codes, each of which can be taken."""
    learned = has_learned_prior(entry)
    kl = codes.kl_from_marginal if learned else codes.kl
    prefix, order = f"decoder:{codes.folder}", np.argsort(-kl)
    reach = max(REACH, float(math.ceil(1.5 * np.abs(codes.mu).max()))) if learned else REACH
    if learned:  # under such a prior 0 need not be near any code
        start_at(prefix, codes.mu[0], reach)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Code of image"), width="content", help=_(OF_LEARNED_PRIOR if learned else CODE))
        image = number_below(
            _("Code of test image"), len(codes), "decoder:image", label_visibility="collapsed", width=120
        )
        st.button(_("Take it"), on_click=set_code, args=(prefix, codes.mu[image], reach), icon=":material/image:")
        draw = partial(_random_code, entry) if learned else None
        code_buttons(prefix, len(order), draw, reach)
        principal = codes.mu.shape[1] > 2 and _through_principal_axes()
    left, middle, right = st.columns(COLUMNS)
    with right:
        z, images = _plane(loading.identity(entry), entry, codes, kl, principal, learned)
        what = _("two principal axes") if principal else _("two most active dimensions")
        taken = clickable_grid(
            images, min(SIDE, len(images)), _("Images over the {what}", what=what), key="decoder:plane"
        )
        if taken is not None:
            set_code(prefix, z[taken], reach)
    with middle, st.container(gap="xsmall", key="pairs-of-sliders"):
        z = code_sliders(
            prefix, order, lambda d: _("{d} ({kl:.2f} nats)", d=d, kl=kl[d]), first=FIRST, a_row=1, reach=reach
        )
    with left, st.container(key="pairs-of-code"):
        decoded = loading.generate(entry, z[None])
        alt = _("What the decoder makes of this code")
        strip(decoded, alt, scale=at_most(decoded, LARGEST), width="stretch")
        active = codes.active
        chart(
            kl_bars(kl, active),
            _("KL of each of {n} dimensions, the largest first", n=len(active)),
            "decoder:kl",
        )


def _random_code(entry: Entry) -> np.ndarray:
    return loading.prior_codes(entry, 1, int(np.random.default_rng().integers(2**31)))[0]


def _through_principal_axes() -> bool:
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.markdown(_("Plane of"), width="content", help=_(PLANE))
        chosen = st.segmented_control(
            _("Axes"), AXES, format_func=_, default=AXES[0], required=True, key="decoder:axes", label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
    return chosen == AXES[1]


@fragment
def _interpolation(entry: Entry, codes: Codes) -> None:
    ends = []
    with st.container(horizontal=True, vertical_alignment="center", key="ends-of-way"):
        st.subheader(_("From one image to another"), width="content", help=_(WAY))
        for name, default in ((N_("From image"), 0), (N_("To image"), 1)):
            index = number_below(
                _(name), len(codes), f"decoder:{name}", default, label_visibility="collapsed", width=120
            )
            strip(codes.images[index : index + 1], _("Test image {index}", index=index), scale=2)
            ends.append(codes.mu[index])
    strip(loading.generate(entry, linear(ends[0], ends[1], FRAMES)), _("The images on the way"), width="stretch")


@st.cache_data(max_entries=50, show_spinner=False)
def _plane(
    identity: loading.Identity, _entry: Entry, _codes: Codes, _kl: np.ndarray, principal: bool, learned: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The codes of ``plane_of_codes`` and their images; ``identity`` tells one model from another."""
    z = plane_of_codes(_codes, _kl, principal, learned)
    return z, loading.generate(_entry, z)


def plane_of_codes(codes: Codes, kl: np.ndarray, principal: bool, learned: bool) -> np.ndarray:
    """A square of codes over the two dimensions of the largest ``kl`` (D,), row by row from the top left, (15 * 15, D); a line of 15 if
    there is one dimension only. Steps are even in the probability of N(0, 1), or, where the prior is ``learned``, of a normal
    distribution with the mean and spread of the codes."""
    steps = np.array([NormalDist().inv_cdf(share) for share in np.linspace(0.02, 0.98, SIDE)])
    mu = codes.mu
    centre, spread = (mu.mean(0), mu.std(0)) if learned else (np.zeros(mu.shape[1]), np.ones(mu.shape[1]))
    if mu.shape[1] == 1:
        return centre + steps[:, None] * spread
    across, down = np.meshgrid(steps, steps[::-1])
    square = np.stack([across.ravel(), down.ravel()], axis=1)
    if principal:
        plane = principal_plane(mu)
        return plane.lift(square * plane.project(mu).std(0))
    z = np.tile(mu.mean(0), (len(square), 1))
    most = np.argsort(-kl)[:2]
    z[:, most] = centre[most] + square * spread[most]
    return z
