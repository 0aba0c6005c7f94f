"""A trained generator to take away, with the few lines that draw with it."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import FAMILIES
from genmodels.language import _
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry


def can_be_taken(entry: Entry) -> bool:
    """Whether there is anything to take away: not of a model without a checkpoint, nor of one that generates nothing."""
    return loading.step(entry) is not None and bool(FAMILIES[entry.config["family"]].pictures)


def code_button(entry: Entry) -> None:
    """Draw it, for what has been trained so far."""
    if not can_be_taken(entry):
        return
    name = entry.name if isinstance(entry, Pretrained) else entry.id
    st.download_button(
        _("Get the code"),
        lambda: _zip(entry),
        f"{name}-code.zip",
        "application/zip",
        icon=":material/code:",
        on_click="ignore",
        key=f"{name}:code",
        help=_("A zip with the generator for torch and for ONNX, and a short script and a notebook that draw with it."),
    )


def _zip(entry: Entry) -> bytes:
    """Made when the button is pressed, and not before."""
    from genmodels.export.portable import zipped  # loads torch

    return zipped(loading.model(entry))
