"""Real images for the pages, which no network has learnt from."""

from pathlib import Path

import streamlit as st

from genmodels.checkpoints import test_images
from genmodels.errors import DataError
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry


def held_out(entry: Entry) -> test_images.Images:
    """Test images of the entry's own data, at most 2,000: those that it keeps itself, else those of its data set.

    Raises ``LoadError``, and ``DataError`` where neither can be had.
    """
    return _load(loading.identity(entry), entry)


@st.cache_resource(max_entries=4, show_spinner="Loading test images…")
def _load(identity: loading.Identity, _entry: Entry) -> test_images.Images:
    found = test_images.load(Path(identity[0]))
    if found is not None:
        return found
    from genmodels.data.load import load_for

    try:
        test = load_for(loading.model(_entry).config, "test")
    except DataError as error:
        reason = str(error).partition(":")[0]
        raise DataError(f"{reason}: choose a run that has finished, which keeps some test images itself.") from error
    labels = None if test.labels is None else test.labels[: test_images.STORED_IMAGES].numpy()
    return test_images.Images(test.images[: test_images.STORED_IMAGES].numpy(), labels, test.classes)
