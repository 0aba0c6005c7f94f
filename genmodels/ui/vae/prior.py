"""Where codes come from: the prior of a VAE beside its aggregate posterior, in what the decoder makes of both, and on a map."""

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.noise import resample_button, seed

SHOWN, A_ROW = 32, 8
KEY = "decoder:prior"
ON_MAP = 1000  # codes of the prior that are drawn on a map
MAP_SEED = 0
# What the prior is, by the option of that name.
PRIORS = {
    "normal": N_("$p(z) = N(0, I)$: the same for all dimensions, and not learned."),
    "mixture": N_("$p(z)$ is a mixture of Gaussians, learned together with encoder and decoder."),
    "flow": N_("$p(z)$ is a flow (RealNVP), learned together with encoder and decoder."),
}
ABOUT = N_(
    "The decoder has learned from codes of real images. Where the prior draws codes that no image has, it draws something between two "
    "kinds of image; where the prior fits the codes of all images together (the aggregate posterior), both sides look alike."
)


def prior_of(entry: Entry) -> str:
    """Which prior it has; runs of earlier versions have the standard normal."""
    return str(entry.config.get("prior", "normal"))


def has_learned_prior(entry: Entry) -> bool:
    """Whether its codes need not be distributed as N(0, I)."""
    return prior_of(entry) != "normal"


@fragment
def prior_and_posterior(entry: Entry, codes: Codes) -> None:
    """What the decoder makes of codes from the prior, and of codes from q(z|x) of test images, of the same noise until it is drawn anew."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Prior and aggregate posterior"), width="content", help=_(ABOUT))
        resample_button(KEY)
    chosen = seed(KEY)
    columns: dict[str, tuple[str, np.ndarray]] = {
        _("From the prior"): (_(PRIORS[prior_of(entry)]), loading.prior_codes(entry, SHOWN, chosen)),
        _("From real images"): (_("$z \\sim q(z \\mid x)$ of test images."), posterior_codes(codes, SHOWN, chosen)),
    }
    with st.container(key="pairs-of-codes"):
        places = st.columns(2, gap="medium")
    for place, (title, (about, z)) in zip(places, columns.items(), strict=True):
        with place:
            st.markdown(f"**{title}**", help=about)
            alt = _("{n} images of codes {source}", n=SHOWN, source=title.lower())
            strip(loading.generate(entry, z), alt, columns=A_ROW, width="stretch")


def posterior_codes(codes: Codes, n: int, seed: int) -> np.ndarray:
    """Codes of the aggregate posterior: of images that are drawn at random, one z ~ q(z|x) each, (n, D)."""
    random = np.random.default_rng(seed)
    picked = random.integers(len(codes), size=n)
    mu, logvar = codes.mu[picked], codes.logvar[picked]
    return mu + np.exp(0.5 * logvar) * random.normal(size=mu.shape)


def prior_toggle() -> bool:
    """Whether codes of the prior are to be drawn on the map, too."""
    return st.toggle(
        _("Overlay the prior"),
        key="explorer:prior",
        help=_(
            "{n:,} codes drawn from the prior, as crosses over those of images: a prior that fits draws them in the same places, and as often.",
            n=ON_MAP,
        ),
        persist_state="session",
    )


def prior_on_map(entry: Entry) -> np.ndarray | None:
    """Codes of the prior for a map, (ON_MAP, D), always the same; None where the model cannot be loaded, which one sentence says."""
    return loading.prior_codes(entry, ON_MAP, MAP_SEED) if loading.ready(entry) else None
