"""A trained generator to take away, with the few lines that draw with it."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import FAMILIES
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry


def code_button(entry: Entry) -> None:
    """Draw it, for what has been trained so far; nothing for a model without a checkpoint, or one that generates nothing."""
    if loading.step(entry) is None or not FAMILIES[entry.config["family"]].pictures:
        return
    name = entry.name if isinstance(entry, Pretrained) else entry.id
    st.download_button(
        "Get the code",
        lambda: _zip(entry),
        f"{name}-code.zip",
        "application/zip",
        icon=":material/code:",
        on_click="ignore",
        key=f"{name}:code",
        help="A zip with the generator for torch and for ONNX, and a short script and a notebook that draw with it.",
    )


def _zip(entry: Entry) -> bytes:
    """Made when the button is pressed, and not before."""
    from genmodels.export.portable import zipped  # loads torch

    return zipped(loading.model(entry))
