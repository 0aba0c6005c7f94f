"""What a network that completes pictures makes of a test image of which a part is hidden."""

from collections.abc import Hashable
from math import prod
from typing import Any

import numpy as np
import streamlit as st

from genmodels.checkpoints.test_images import Images
from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.ui.conditional.mask_picker import pick_mask, tinted
from genmodels.ui.conditional.require_condition import has_condition
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared
from genmodels.ui.models.test_images import held_out
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.noise import noise, resample_button
from genmodels.ui.widgets.text import plain

COMPLETIONS, A_ROW = 12, 4
BYTES = 2**25  # of completions kept in memory: those of some thousand pictures
SHOWN, COMPLETED = 224, 168  # pixels of a picture's side, before it is as wide as its place
WAYS = N_(
    "What is shown stays as it is; each noise may give another answer. A network that is shown much learns to overlook its noise, "
    "since one good answer deceives the discriminator. So training rewards two completions of one picture that differ (the "
    "*diversity weight*; Yang et al. 2019): with 0, they come out nearly alike."
)


def completion(entry: Entry) -> None:
    """Choose an image, hide a part of it, and see what might have been there."""
    if has_condition(entry, "picture"):
        complete(entry, (entry.config["latent_dim"],), _(WAYS))


def complete(entry: Entry, shape: tuple[int, ...], ways: str) -> None:
    """The same for any family that has ``complete``, as ``CGAN`` has; ``shape``: of its noise; ``ways`` says how it does it."""
    try:
        images = held_out(entry)
    except UserError as error:
        st.error(plain(error))
        return
    fragment(_complete)(entry, images, shape, ways)


def _complete(entry: Entry, images: Images, shape: tuple[int, ...], ways: str) -> None:
    left, right = st.columns([1, 3], gap="medium")
    with left:
        number = _pick(images)
        image = images.images[number]
        hidden = pick_mask(image)
        _given(image, hidden, number)
    with right:
        if not hidden.any():
            st.info(_("Nothing is hidden yet: paint over a part of the picture, or make the box larger."))
        elif loading.ready(entry):  # only now, so that the picture is there while the model is loaded
            _show(entry, image, hidden, number, shape, ways)


def _pick(images: Images) -> int:
    """The number of a test image."""
    n = len(images)
    key = f"completion:image:{n}"
    number = number_below(_("Test image"), n, key)
    with st.container(horizontal=True):
        steps = {
            _("Previous"): number - 1,
            _("Next"): number + 1,
            _("Random"): int(np.random.default_rng().integers(n)),
        }
        for title, to in steps.items():
            st.button(title, on_click=_go, args=(key, to % n))
    if images.labels is not None:
        st.caption(_("Class: {name}", name=plain(images.classes[images.labels[number]])))
    return number


def _go(key: str, number: int) -> None:
    st.session_state[key] = number


def _given(image: np.ndarray, hidden: np.ndarray, number: int) -> None:
    shown = tinted(image, hidden)
    both = np.stack([np.broadcast_to(image, shown.shape), shown])
    with st.container(key="completed-image"):
        strip(
            both,
            _("Test image {number}, and what is shown of it", number=number),
            columns=1,
            scale=at_most(image, SHOWN),
            width="stretch",
        )


def _show(entry: Entry, image: np.ndarray, hidden: np.ndarray, number: int, shape: tuple[int, ...], ways: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("**{n} ways to complete it**, each from a noise of its own", n=COMPLETIONS),
            width="content",
            help=ways,
        )
        resample_button("completion")
    z = noise("completion", COMPLETIONS, prod(shape)).reshape(COMPLETIONS, *shape)
    with st.spinner(_("Completing the picture…")):
        completed = _completions(
            (loading.identity(entry), image.tobytes(), hidden.tobytes(), z.tobytes()), entry, image, hidden, z
        )
    strip(
        completed,
        _("Completions of test image {number}", number=number),
        columns=A_ROW,
        scale=at_most(image, COMPLETED),
        width="stretch",
    )


@shared(BYTES, lambda images: images.nbytes, key=lambda which, *others: which)
def _completions(which: Hashable, entry: Entry, image: np.ndarray, hidden: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Of one image (C, H, W) whose part (H, W) is hidden, one for each noise (N, ...): uint8 (N, C, H, W)."""
    import torch

    from genmodels.data.pixels import drawn_to_uint8

    family: Any = loading.model(entry).family
    images = torch.from_numpy(image).expand(len(z), -1, -1, -1)
    parts = torch.from_numpy(hidden).float().expand(len(z), 1, -1, -1)
    return drawn_to_uint8(family.complete(images, parts, torch.from_numpy(z).float())).numpy()
