"""What the decoder makes of selected codes, or of a place between them, and what makes these different from the rest."""

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.latent.selected import differences, gaussian_samples, walk
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.noise import resample_button, seed

SAMPLES, FRAMES = 12, 12
DIMENSIONS = 5  # told of those that differ most
KEY = "explorer:generate"
HELP = N_(
    "Decodes the mean of the selected codes, a walk through them from one end of their principal axis to the other, and samples of a "
    "Gaussian with their mean and covariance."
)


def generate_from(entry: Entry, codes: Codes, picked: np.ndarray) -> None:
    """Draw it for the indices ``picked`` (M,), on demand: the first image loads the model."""
    if not st.toggle(_("Generate from these"), key=KEY, help=_(HELP), persist_state="session") or not loading.ready(
        entry
    ):
        return
    chosen = codes.mu[picked]
    for name, z in {
        _("The mean of these codes, decoded"): chosen.mean(0, keepdims=True),
        _("A walk through these codes"): walk(chosen, FRAMES),
        _("Samples of a Gaussian fitted to these codes"): gaussian_samples(chosen, SAMPLES, seed(KEY)),
    }.items():
        st.caption(name)
        strip(loading.generate(entry, z), name, scale=2)
    resample_button(KEY)
    _differences(codes, picked)


def decode_place(entry: Entry, z: np.ndarray) -> None:
    """Draw what the decoder makes of the code (1, D) of a place on a map."""
    if loading.ready(entry):
        st.caption(_("What the decoder makes of the place that was pressed"))
        strip(loading.generate(entry, z), _("The image of the place that was pressed"), scale=4)


def _differences(codes: Codes, picked: np.ndarray) -> None:
    apart = differences(codes.mu, picked)
    most = np.argsort(-np.abs(apart))[:DIMENSIONS]
    if not apart[most].any():
        return
    st.caption(_("What makes these different from the rest: the dimensions whose means are farthest apart"))
    rows = {
        _("dimension"): most,
        _("mean of these"): codes.mu[picked][:, most].mean(0).round(2),
        _("from the rest, in σ"): [_("{value:+.2f}", value=apart[d]) for d in most],
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True)
