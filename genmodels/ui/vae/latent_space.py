"""The latent space of a trained VAE: a map of the codes, what is selected on it, and its clusters."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.errors import UserError
from genmodels.export.figures import PALETTE
from genmodels.latent import codes as latent_codes
from genmodels.latent.clusters import Clusters, cluster
from genmodels.latent.codes import Codes
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne import FEWEST, Map, fitting_perplexity
from genmodels.ui.access import commands
from genmodels.ui.access.permission import may_cancel, may_train
from genmodels.ui.components.latent_map import MOST_KINDS, Extra, Kind, latent_map
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.vae.clusters import cluster_view, colours, names, scores
from genmodels.ui.vae.own_image import own_code
from genmodels.ui.vae.selection import selection
from genmodels.ui.widgets.bounded import slider_up_to
from genmodels.ui.widgets.text import plain

TICK = 0.5  # seconds between two looks at a map that is being computed
COUNTS = (500, 1000, 2000, 5000, 10_000)
COLUMNS = (14, 9)  # widths of the map and of what is selected
HEIGHT = "clamp(520px, 100vh - 290px, 760px)"  # of the map: what a window has below the controls
MAPS = "PCA: the plane that keeps most of the variance. t-SNE: neighbours stay neighbours, distances do not."
Split = Literal["train", "test"]
NAMED: dict[Split, str] = {"train": "training", "test": "test"}


def explorer(entry: Entry) -> None:
    """Everything about the codes of ``entry``."""
    if loading.step(entry) is None:
        st.info(loading.NONE_YET)
        return
    fragment(_explorer)(entry)


def _explorer(entry: Entry) -> None:
    kept: dict[str, Any] = {"persist_state": "session"}
    bar, upper, lower = st.container(horizontal=True, vertical_alignment="center"), st.container(), st.container()
    with bar:
        view = st.segmented_control(
            "Map", ["PCA", "t-SNE"], default="PCA", required=True, key="explorer:view", label_visibility="collapsed", **kept
        )  # fmt: skip
        colours = st.container(horizontal=True, vertical_alignment="center", width="content")
        settings = st.popover("Settings", icon=":material/tune:")
        explanation("tsne")
    with settings:
        split: Split = st.segmented_control(
            "Images", ["test", "train"], default="test", required=True, key="explorer:split", **kept,
            help="Of the run's own data. The VAE was trained on the training images, not on the test images.",
        )  # fmt: skip
        n = st.select_slider(
            "How many", COUNTS, latent_codes.STORED_IMAGES, key="explorer:n", format_func="{:,}".format, **kept
        )
        other: Split = "train" if split == "test" else "test"
        add = st.toggle(f"Overlay {NAMED[other]} images", help="Into the map as it is, which does not move.")
    with upper:
        try:
            codes = loading.codes(entry, split, n)
            added = loading.codes(entry, other, n) if add else None
        except (UserError, OSError) as error:
            st.error(plain(error))
            return
    with colours:
        colouring = _colouring(codes)
    with lower, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Clusters", width="content")
        k = _number_of_clusters(codes)
        clusters = _clusters(codes.mu, codes.labels, k)
        scores(clusters)
    with lower:
        cluster_view(codes, clusters)
    with upper:
        tsne = _tsne(codes, settings) if view == "t-SNE" else None
        if view == "t-SNE" and tsne is None:
            return
        state = None if tsne is None else tsne.look().state
        going = state == "running" or (state == "missing" and may_train())
        refresh_every(_map_and_selection, TICK if going else None)(
            entry.name, codes, clusters, tsne, colouring, added, going
        )


def _colouring(codes: Codes) -> str:
    labelled = codes.labels is not None and len(codes.classes) <= MOST_KINDS
    choices = [*(["label"] if labelled else []), "cluster", "reconstruction error"]
    st.markdown("Colour by", width="content")
    return st.segmented_control(
        "Colour by", choices, default=choices[0], required=True, key=f"explorer:colour:{len(choices)}",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip


def _number_of_clusters(codes: Codes) -> int:
    return slider_up_to(
        "Clusters (k)",
        2,
        max(1, min(20, len(codes) - 1)),
        f"explorer:k:{len(codes.classes)}",
        len(codes.classes) or 10,
        width=200,
        help="KMeans on the codes, in all their dimensions, not on the map; the best of 10 starts.",
    )


@st.cache_resource(max_entries=20, show_spinner=False)
def _clusters(mu: np.ndarray, labels: np.ndarray | None, k: int) -> Clusters:
    return cluster(mu, k, labels)


def _tsne(codes: Codes, settings: DeltaGenerator) -> Map | None:
    if len(codes) < FEWEST:
        st.warning(f"t-SNE needs at least {FEWEST} images, and there are {len(codes)}: look at the PCA map.")
        return None
    with settings:
        perplexity = st.slider(
            "Perplexity", 5, 100, 30, 5, key="explorer:perplexity", persist_state="session",
            help="About how many neighbours each point tries to keep near.",
        )  # fmt: skip
        seed = st.number_input("Seed of t-SNE", 0, 9999, 0, key="explorer:seed", persist_state="session")
    lowered = fitting_perplexity(perplexity, len(codes))
    if lowered < perplexity:
        st.info(f"The perplexity is lowered to {lowered:.3g}, because there are only {len(codes)} images.")
    return Map(codes.folder, seed, perplexity)


def _map_and_selection(
    name: str,
    codes: Codes,
    clusters: Clusters,
    tsne: Map | None,
    colouring: str,
    added: Codes | None,
    was_going: bool,
) -> None:
    """While t-SNE is being computed, this part looks again by itself, so that the points are seen to move."""
    left, right = st.columns(COLUMNS)
    with left:
        drawn, below = st.container(), st.container()
    points: np.ndarray | None
    with below:
        if tsne is None:
            plane = principal_plane(codes.mu)
            points, going = plane.project(codes.mu), False
            extra = _extra(codes, added, plane.project)
            token = f"{codes.folder}:PCA"
            share = f"{plane.explained.sum():.0%}"
            st.caption(f"{len(codes):,} images. The plane keeps {share} of the variance of their codes.", help=MAPS)
        else:
            points, going = _optimised(codes, tsne)
            token = str(tsne.folder)
            extra = None if going else _extra(codes, added, lambda mu: _embedded(tsne, mu))
    if going != was_going:
        st.rerun()  # the whole page: this part starts, or stops, to look again by itself
    if points is None:
        return
    with drawn:
        picked = _map(name, codes, clusters, points, extra, colouring, token)
    with right:
        selection(codes, np.array(picked, dtype=int))


def _optimised(codes: Codes, tsne: Map) -> tuple[np.ndarray | None, bool]:
    """Where the points are by now, and whether they still move."""
    look = tsne.look()
    if look.state == "missing":
        if not may_train():
            st.info(
                "This map has not been computed, and on this server only those who may train start that: see the PCA map."
            )
            return None, False
        if not commands.start_map(tsne):
            st.info("Another map is being computed on this machine: this one begins when that is done.")
            return principal_plane(codes.mu).project(codes.mu), True
        look = tsne.look()
    if look.state == "running":
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(look.share, text="t-SNE is optimising" if look.points is not None else "t-SNE is starting")
            if may_cancel(tsne.owner) and st.button("Cancel", icon=":material/stop:", key="explorer:cancel"):
                commands.cancel_map(tsne)
        # Until the first are there, those that it starts from.
        return principal_plane(codes.mu).project(codes.mu) if look.points is None else look.points, True
    if look.state == "done":
        return look.points, False
    st.warning(f"t-SNE failed: {plain(look.error)}" if look.error else "t-SNE was cancelled.")
    if may_train() and st.button("Compute it again", icon=":material/refresh:", key="explorer:again"):
        commands.start_map(tsne)
        st.rerun()
    return None, False


@st.cache_resource(
    max_entries=20, show_spinner="Placing the images into the map…", hash_funcs={Map: lambda tsne: str(tsne.folder)}
)
def _embedded(tsne: Map, mu: np.ndarray) -> np.ndarray:
    return tsne.transform(mu)


def _extra(codes: Codes, added: Codes | None, embed: Callable[[np.ndarray], np.ndarray]) -> Extra | None:
    """What is put into a map that is finished: the images of the other split, or else the visitor's own."""
    own = own_code(codes.mu.shape[1])
    if added is not None:
        named = [] if added.labels is None else [added.classes[label] for label in added.labels]
        return Extra(embed(added.mu), named, "placed later")
    return None if own is None else Extra(embed(own.mu[None]), [own.name], own.name)


def _map(
    name: str, codes: Codes, clusters: Clusters, points: np.ndarray, extra: Extra | None, colouring: str, token: str
) -> tuple[int, ...]:
    kinds, kind_of, values = [Kind("images", PALETTE[0])], None, None
    if colouring == "reconstruction error":
        values = codes.errors
    elif colouring == "label":
        kinds = [Kind(name, PALETTE[index % len(PALETTE)]) for index, name in enumerate(codes.classes)]
        kind_of = codes.labels
    else:
        named = zip(names(codes, clusters), colours(codes, clusters), strict=True)
        kinds, kind_of = [Kind(name, colour) for name, colour in named], clusters.ids
    return latent_map(
        points,
        kinds,
        kind_of=kind_of,
        values=values,
        value_label="nats",
        height=HEIGHT,
        extra=extra,
        key="explorer:map",
        token=token,
        name=name,
    )
