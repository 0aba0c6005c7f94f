"""Which networks an image can be followed through on a page, and what goes through them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.storage.progress import following
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.widgets.progress import working

if TYPE_CHECKING:
    from genmodels.latent.feature_maps import Excitation
    from genmodels.models.base import Pass
    from genmodels.models.classifier import Classifier

CLASSIFIER = N_("Classifier")  # which judges the images of the models, and is part of none
EXCITING = 12  # images for a channel
FEATURE_BATCH = 250  # images at a time, whose maps are larger than they are


def titles(entry: Entry) -> list[str]:
    """The networks of ``entry``, and the classifier that knows its images, if there is one; raises ``LoadError``."""
    own = list(_own(entry, *_unseen(entry), 0, generated=True))
    return own if _classifier(entry) is None else [*own, CLASSIFIER]


def follow(entry: Entry, title: str, number: int, generated: bool) -> "Pass":
    """One image through the network of that title: drawn from noise of the seed ``number``, or the test image of that number.

    Raises ``LoadError``, and ``DataError`` where no test images can be had.
    """
    import torch

    from genmodels.data.noise import Noise
    from genmodels.data.pixels import drawn_to_uint8

    shown = _unseen(entry)
    if not generated or entry.config.get("condition") == "picture":
        kept = held_out(entry)
        one = slice(number % len(kept), number % len(kept) + 1)
        shown = kept.images[one], None if kept.labels is None else kept.labels[one]
    passes = _own(entry, *shown, number, generated)
    classifier = _classifier(entry)
    if title in passes or classifier is None:
        return passes[title]
    reading = next(through for through in passes.values() if not through.draws)
    images = drawn_to_uint8(reading.pixels(reading.inputs["Image"]))
    return classifier.passes(images, torch.zeros(len(images)), Noise(0), generated=False)[CLASSIFIER]


def excitations(entry: Entry, title: str) -> list["Excitation"]:
    """The test images that excite each channel of each layer of a network most; raises as ``follow`` does."""
    with st.spinner(_("Looking for what excites each channel…")), working():
        return _excitations(loading.identity(entry), title, entry)


@st.cache_resource(max_entries=8, show_spinner=False)
def _excitations(identity: loading.Identity, title: str, _entry: Entry) -> list["Excitation"]:
    from genmodels.latent.feature_maps import most_exciting

    first = follow(_entry, title, 0, generated=False)
    return most_exciting(first.network, _batches(_entry, title), EXCITING)


def _batches(entry: Entry, title: str) -> Iterator[list]:
    """What the network is given for all test images, so many at a time."""
    import torch

    from genmodels.data.noise import Noise

    kept = held_out(entry)
    starts = torch.arange(len(kept)).split(FEATURE_BATCH)
    for indices in following(starts, len(kept), N_("passing images through")):
        part = indices.numpy()
        images, labels = kept.images[part], None if kept.labels is None else kept.labels[part]
        if title == CLASSIFIER and (classifier := _classifier(entry)):
            passes = classifier.passes(torch.from_numpy(images), torch.zeros(len(images)), Noise(0), generated=False)
        else:
            passes = _own(entry, images, labels, 0, generated=False)
        yield list(passes[title].inputs.values())


def _own(entry: Entry, images: np.ndarray, labels: np.ndarray | None, seed: int, generated: bool) -> dict[str, "Pass"]:
    """Through the networks of ``entry``: uint8 images (B, C, H, W) with their labels (B,), 0 where there are none."""
    import torch

    from genmodels.data.noise import Noise

    known = np.zeros(len(images), np.int64) if labels is None else labels
    family = loading.model(entry).family
    return family.passes(torch.from_numpy(images), torch.from_numpy(known), Noise(seed), generated)


def _unseen(entry: Entry) -> tuple[np.ndarray, np.ndarray | None]:
    """An image in the place of a real one, for families that are shown none when they generate."""
    shape = (entry.config["channels"], entry.config["image_size"], entry.config["image_size"])
    return np.zeros((1, *shape), np.uint8), None


def _classifier(entry: Entry) -> "Classifier | None":
    """The pretrained one that knows the images of ``entry``."""
    config = entry.config
    return _load_classifier(config["dataset"], config["image_size"], config["channels"], entry)


@st.cache_resource(max_entries=8, show_spinner=False)
def _load_classifier(dataset: str, image_size: int, channels: int, _entry: Entry) -> "Classifier | None":
    from genmodels.metrics.judge import judge_of

    judge = judge_of(loading.model(_entry).config)
    return judge.classifier if judge else None
