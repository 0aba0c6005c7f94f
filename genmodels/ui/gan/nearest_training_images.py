"""Whether a generator copies: its samples, and the training image that is most like each."""

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.language import _
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

A_ROW = 8


def nearest_training_images(entry: Entry, samples: np.ndarray) -> None:
    """For uint8 images (N, C, H, W) that ``entry`` has made; on request, for all its training images are loaded."""
    if not st.toggle(
        _("Is it copying? Find the training image that is most like each of the first samples"), key="nearest:wanted"
    ):
        return
    shown = samples[:A_ROW]
    try:
        real = held_out(entry).images[: len(samples)]
        with st.spinner(_("Looking through the training images…")), working():
            nearest, apart = _nearest(loading.identity(entry), np.concatenate([shown, real]), entry)
    except UserError as error:
        st.error(plain(error))
        return
    strip(
        np.concatenate([shown, nearest[: len(shown)]]),
        _("Samples, and below each the training image most like it"),
        columns=A_ROW,
        scale=2,
    )
    theirs, usual = apart[: len(shown)].mean(), apart[len(shown) :].mean()
    st.caption(
        _(
            "Samples, and below each the training image most like it. They differ by {theirs:.2f} on average "
            "(root mean square; from black to white is 1), test images by {usual:.2f} from theirs. A copy would "
            "differ by 0.",
            theirs=theirs,
            usual=usual,
        )
    )


@st.cache_data(max_entries=20, show_spinner=False)
def _nearest(identity: loading.Identity, images: np.ndarray, _entry: Entry) -> tuple[np.ndarray, np.ndarray]:
    """Of each image the training image most like it, and how much they differ, (N,)."""
    import torch

    from genmodels.data.load import load_for
    from genmodels.metrics.distances import nearest

    train = load_for(loading.model(_entry).config, "train").images
    apart, indices = nearest(torch.from_numpy(images), train)
    return train[indices].numpy(), apart.numpy()
