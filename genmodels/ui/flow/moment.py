"""A test image under noise, as the visitor chooses it: which one, how much noise, and whether the network is conditioned on its class."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.checkpoints.test_images import Images
from genmodels.errors import UserError
from genmodels.language import _
from genmodels.ui.flow.drawing import starts, transport
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.noise import resample_button, seed
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from torch import Tensor

KEY = "flow:inside"


@dataclass(frozen=True)
class Moment:
    """image: uint8 (C, H, W); noise: (1, *shape) of what the flow leads to data; label: of the image, if the network is conditioned on it."""

    image: np.ndarray
    noise: np.ndarray
    t: float
    label: int | None

    def labels(self, entry: Entry, n: int) -> "Tensor":
        """What the network is conditioned on, (n,)."""
        import torch

        return transport(entry).no_class(n) if self.label is None else torch.full((n,), self.label)

    def data(self, entry: Entry) -> "Tensor":
        """What the flow leads noise to, (1, *shape), of the image."""
        import torch

        from genmodels.data.noise import Noise

        return transport(entry).data(torch.from_numpy(self.image)[None], Noise(seed(KEY)))


def test_images_of(entry: Entry) -> Images | None:
    """Those of ``entry``; None where it cannot be loaded or has none, which is said."""
    if not loading.ready(entry):
        return None
    try:
        return held_out(entry)
    except UserError as error:
        st.error(plain(error))
        return None


def choose_moment(entry: Entry, images: Images) -> Moment:
    """Draw the choices, into the row in which one is."""
    number = number_below(_("Test image"), len(images), f"{KEY}:image:{len(images)}", width=140)
    t = st.slider(
        "t", 0.0, 1.0, 0.5, 0.05, key=f"{KEY}:t", persist_state="session", width=320, help=_("0: noise, 1: image.")
    )
    told = False
    if transport(entry).num_classes:
        told = st.toggle(_("Condition on the class"), key=f"{KEY}:told", persist_state="session")
    resample_button(KEY)
    label = int(images.labels[number]) if told and images.labels is not None else None
    return Moment(images.images[number], starts(entry, KEY, 1), t, label)
