"""Pictures that a flow completes, though it was never trained to."""

import streamlit as st

from genmodels.language import N_, _
from genmodels.ui.conditional.inpainting import complete
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry

WAYS = N_(
    "What is shown is kept on its own way from noise to image: after each step it is put back where it must be at that time, and the "
    "rest goes where the network sends it. Nothing was trained for this. The network sees what is shown under noise at first, so "
    "a completion may not fit it everywhere; more steps help (Lugmayr et al. 2022)."
)


def completion(entry: Entry) -> None:
    """Choose a test image, hide a part of it, and see what ``entry`` makes of it."""
    if loading.step(entry) is None:
        st.info(_(loading.NONE_YET))
        return
    side = entry.config["image_size"]
    complete(entry, (entry.config["channels"], side, side), _(WAYS))
