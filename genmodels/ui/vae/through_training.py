"""The latent space through training: where the codes of test images were at each moment, beside samples and curves of the same one."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genmodels.checkpoints import code_history
from genmodels.checkpoints.pretrained import Pretrained
from genmodels.errors import DataError
from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.latent.pca import principal_plane
from genmodels.ui.components.film_player import film_player
from genmodels.ui.components.latent_map import latent_map
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.training.film_curves import film_curves
from genmodels.ui.training.timelapse import epochs, frames, samples, thinned, told
from genmodels.ui.widgets.text import plain

COLUMNS = (14, 9)  # widths of the map and of what is beside it
HEIGHT = "clamp(20rem, 100vh - 20rem, 47rem)"  # of the map
SIDE = "max(12rem, 100vh - 34rem)"  # of the samples, with the slider above and a curve below
SECONDS = 12.0  # of the whole training
NONE = N_(
    "{name} has kept no codes while it trained: choose a VAE that was trained with *Codes at previews*, or train one."
)
TOO_FEW = N_("A map through training needs the codes of two previews or more: let the run train for another epoch.")
PLANE = N_(
    "All moments are on one plane, that of the two principal components of all these codes together: what moves are the codes alone. "
    "Draw around some points to follow them."
)


def through_training(entry: Entry, codes: Codes, look: dict[str, Any]) -> None:
    """The map of the first test images from the first moment to the last, with one slider for all that is seen.

    codes: of these images now; ``look``: what ``latent_map`` is told of them beside their places.
    """
    kept, pictures = code_history.files(loading.folder(entry)), samples(entry)
    moments = [step for step in kept if step in pictures]
    if len(moments) < 2:
        alive = not isinstance(entry, Pretrained) and entry.alive
        st.info(_(TOO_FEW) if moments or alive else _(NONE, name=plain(entry.name)))
        return
    shown = {step: str(kept[step]) for step in thinned(moments)}
    steps, points, share = _on_a_plane(shown, loading.identity(entry), *codes.mu.shape)
    at = epochs(entry, steps)
    name = loading.folder(entry).name
    film = f"through:{name}"
    left, right = st.columns(COLUMNS)
    with left:
        latent_map(
            points,
            **look,
            key=f"{film}:map",
            token=f"{codes.folder}:through",
            height=HEIGHT,
            name=entry.name,
            follows=film,
        )
        st.caption(
            _(
                "{n:,} test images at {moments} moments. The plane keeps {share:.0%} of the variance of their codes.",
                n=len(codes),
                moments=len(steps),
                share=share,
            ),
            help=_(PLANE),
        )
    with right:
        film_player(
            frames(told(pictures, steps, at)), key=f"{film}:player", name=_("Samples of {name}", name=name), seconds=SECONDS, stills=0, side=SIDE,
            film=film, at=at,
        )  # fmt: skip
        film_curves(entry, film, slice(1))
    film_curves(entry, film, slice(1, None))


@st.cache_data(max_entries=8, show_spinner=False)
def _on_a_plane(
    files: dict[int, str], which: loading.Identity, n: int, latent_dim: int
) -> tuple[list[int], np.ndarray, float]:
    """The steps whose files have the codes of n images, the points (M, n, 2) on the principal plane of all of them, and the share of
    the variance that it keeps; raises ``DataError``."""
    read = {step: code_history.load(Path(file), n, latent_dim) for step, file in files.items()}
    found = {step: mu.astype(np.float32) for step, mu in read.items() if mu is not None}
    if len(found) < 2:
        raise DataError(
            N_("The codes of this training are damaged, or of other images than there are now: train the run again.")
        )
    mu = np.stack(list(found.values()))
    plane = principal_plane(mu.reshape(-1, latent_dim))
    return list(found), plane.project(mu), float(plane.explained.sum())
