"""Real images for the pages, which no network has learnt from."""

from pathlib import Path

import streamlit as st

from genmodels.checkpoints import test_images
from genmodels.data.folder_check import ELSEWHERE, require_shown
from genmodels.errors import DataError
from genmodels.language import _
from genmodels.latent import codes as latent_codes
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared

BYTES = 2**28  # kept in memory: a hundred and more sets of 28 x 28 pixels


def held_out(entry: Entry) -> test_images.Images:
    """Test images of the entry's own data, at most 2,000: those that it keeps itself, alone or with their codes, else those of
    its data set.

    Raises ``LoadError``, and ``DataError`` where neither can be had, or may be shown.
    """
    require_shown(entry.config)
    return _load(loading.identity(entry), entry)


@shared(BYTES, lambda kept: kept.images.nbytes, key=lambda which, entry: which)
def _load(which: loading.Identity, entry: Entry) -> test_images.Images:
    with st.spinner(_("Loading test images…")):
        return test_images.load(Path(which[0]), entry.config) or _with_codes(entry) or _first_of_test_set(entry)


def _with_codes(entry: Entry) -> test_images.Images | None:
    if "latent_dim" not in entry.config:  # a family without codes
        return None
    n, step = latent_codes.STORED_IMAGES, loading.step(entry) or 0
    kept = latent_codes.load(latent_codes.folder_of(loading.folder(entry), step, "test", n), entry.config)
    return None if kept is None else test_images.Images(kept.images, kept.labels, kept.classes)


def _first_of_test_set(entry: Entry) -> test_images.Images:
    from genmodels.data.load import load_for

    try:
        test = load_for(loading.model(entry).config, "test")
    except DataError as error:
        if str(entry.config.get("folder", "")).startswith(ELSEWHERE):
            raise  # its owner can point it to a folder
        raise DataError(
            _(
                "{reason}: choose a run that has finished, which keeps some test images itself.",
                reason=_(error).partition(":")[0],
            )
        ) from error
    labels = None if test.labels is None else test.labels[: test_images.STORED_IMAGES].numpy()
    return test_images.Images(test.images[: test_images.STORED_IMAGES].numpy(), labels, test.classes)
