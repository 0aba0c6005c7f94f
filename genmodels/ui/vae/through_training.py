"""The latent space through training: where the codes of test images were at each moment, beside samples and curves of the same one."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from genmodels.checkpoints import code_history
from genmodels.checkpoints.pretrained import Pretrained
from genmodels.errors import DataError
from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne_film import TSNEFilm
from genmodels.runs.run import GONE
from genmodels.ui.components.film_player import film_player
from genmodels.ui.components.latent_map import latent_map
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, follow, moves
from genmodels.ui.training.film_curves import film_curves
from genmodels.ui.training.run_panel import TICK as LIVE
from genmodels.ui.training.timelapse import epochs, frames, samples, thinned, with_epochs
from genmodels.ui.widgets.text import plain

COLUMNS = (14, 9)  # widths of the map and of what is beside it
HEIGHT = "clamp(20rem, 100vh - 20rem, 47rem)"  # of the map
SIDE = "max(12rem, 100vh - 34rem)"  # of the samples, with the slider above and a curve below
SECONDS = 12.0  # of the whole training
NONE = N_(
    "{name} has kept no codes while it trained: choose a VAE that was trained with *Codes at previews*, or train one."
)
TOO_FEW = N_("A map through training needs the codes of two previews or more: let the run train for another epoch.")
METHODS = ("PCA", "t-SNE")
PLANE = N_(
    "PCA: all moments are on one plane, that of the two principal components of all these codes together, so what moves are the codes alone. "
    "t-SNE, once the training is over: the map of each moment begins where the one before has ended. Draw around some points to follow them."
)


class Moments(NamedTuple):
    """Those of a training of which there are codes and samples: their steps, the points (M, N, 2) on the plane, the share of the variance
    that it keeps, and the pictures of samples by their steps."""

    steps: list[int]
    points: np.ndarray
    share: float
    pictures: dict[int, str]


def through_training(entry: Entry, codes: Codes, look: dict[str, Any]) -> None:
    """The map of the first test images from the first moment to the last, with one slider for all that is seen; of a run that is under
    way it gets each new moment by itself.

    codes: of these images now; ``look``: what ``latent_map`` is told of them beside their places.
    """
    trains, tsne = _trains(entry), None
    found = None if trains else _moments(entry, codes)
    if trains or found:
        method = st.segmented_control(
            _("Plane"), METHODS, default="PCA", required=True, key="through:method", persist_state="session",
            label_visibility="collapsed", disabled=trains,
        )  # fmt: skip
        if found and method == "t-SNE":
            tsne = TSNEFilm(codes.folder, loading.folder(entry), found.steps)
    going = tsne is not None and moves(tsne)
    pace = LIVE if trains else TICK if going else None
    refresh_every(_through_training, pace)(entry, codes, look, tsne, trains, going)


def _trains(entry: Entry) -> bool:
    return not isinstance(entry, Pretrained) and entry.alive


def _through_training(
    entry: Entry, codes: Codes, look: dict[str, Any], tsne: TSNEFilm | None, trained: bool, was_going: bool
) -> None:
    if trained and not isinstance(entry, Pretrained):
        now = get_store().get(entry.id)
        if now is None:
            st.warning(_(GONE))
            return
        entry = now
    found = _moments(entry, codes)
    if trained != _trains(entry):
        st.rerun()  # the whole page: this part stops to look again by itself
    if found is None:
        some = trained or code_history.files(loading.folder(entry)).keys() & samples(entry).keys()
        st.info(_(TOO_FEW) if some else _(NONE, name=plain(entry.name)))
        return
    at, name = epochs(entry, found.steps), loading.folder(entry).name
    film = f"through:{name}"
    left, right = st.columns(COLUMNS)
    with left:
        drawn, below = st.container(), st.container()
    with below:
        placed, going = follow(tsne, "through") if tsne else (None, False)
        if going != was_going:
            st.rerun()  # the whole page, as above
        embedded = None if placed is None or going else placed.reshape(found.points.shape)
        _caption(codes, found, embedded is None)
    with drawn:
        latent_map(
            found.points if embedded is None else embedded,
            **look,
            key=f"{film}:map",
            token=f"{film}:{'PCA' if embedded is None else 't-SNE'}",
            height=HEIGHT,
            name=entry.name,
            follows=film,
        )
    with right:
        film_player(
            frames(with_epochs(found.pictures, found.steps, at)), key=f"{film}:player", name=_("Samples of {name}", name=name), seconds=SECONDS,
            stills=0, side=SIDE, film=film, at=at,
        )  # fmt: skip
        film_curves(entry, film, slice(1))
    film_curves(entry, film, slice(1, None))


def _caption(codes: Codes, found: Moments, plane: bool) -> None:
    counts = {"n": len(codes), "moments": len(found.steps)}
    st.caption(
        _(
            "{n:,} test images at {moments} moments. The plane keeps {share:.0%} of the variance of their codes.",
            share=found.share,
            **counts,
        )
        if plane
        else _(
            "{n:,} test images at {moments} moments, each on a map of its own that follows from the last.", **counts
        ),
        help=_(PLANE),
    )


def _moments(entry: Entry, codes: Codes) -> Moments | None:
    """None where there are not two of them; raises ``DataError``."""
    kept, pictures = code_history.files(loading.folder(entry)), samples(entry)
    both = [step for step in kept if step in pictures]
    if len(both) < 2:
        return None
    shown = {step: str(kept[step]) for step in thinned(both)}
    return Moments(*_on_a_plane(shown, loading.identity(entry), *codes.mu.shape), pictures)


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
