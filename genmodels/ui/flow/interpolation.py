"""From one sample of a flow to another, through the noises between theirs."""

from dataclasses import replace

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.latent.interpolation import spherical
from genmodels.ui.flow.drawing import starts, transport, way
from genmodels.ui.flow.sampling import KEY, SAMPLES, choose_settings
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.inline import inline_number
from genmodels.ui.widgets.interpolation import way as way_through

SIDE = 168  # pixels of a sample, at most
FRAMES, A_ROW = 12, 6  # on the way
ARC = N_(
    "The noises lie on an arc, which keeps the length that noise has. Each is led to an image by itself, so that neighbours need not "
    "look alike. All are of the class that you choose, or of that of the first sample: so the last one need not be the sample itself, "
    "but has its noise. With no class at all, the class changes on the way."
)


def interpolation(entry: Entry) -> None:
    """Choose two of the samples of ``entry``, and see what lies between."""
    if loading.ready(entry):
        fragment(_interpolation)(entry)


def _interpolation(entry: Entry) -> None:
    settings = choose_settings(entry)
    classes = transport(entry).num_classes
    z = starts(entry, KEY, SAMPLES)
    samples = way(entry, z, settings).images[-1]
    strip(
        samples,
        _("Samples 0 to {samples}", samples=SAMPLES - 1),
        columns=SAMPLES // 2,
        scale=at_most(samples, SIDE),
        width="stretch",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Between two noises**"), help=_(ARC), width="content")
        start = inline_number(_("From sample"), SAMPLES - 1, 0, "flow:From sample")
        end = inline_number(_("To sample"), SAMPLES - 1, 1, "flow:To sample")

    on_the_way = settings
    if settings.label is None and classes:  # of the class that the first sample has by its place
        on_the_way = replace(settings, label=start % classes)

    def between(n: int) -> np.ndarray:
        codes = spherical(z[start].ravel(), z[end].ravel(), n).reshape(n, *z.shape[1:])
        return way(entry, codes, on_the_way).images[-1]

    alt = _("From sample {start} to sample {end}", start=start, end=end)
    way_through(between, alt, "flow.gif", FRAMES, A_ROW)
