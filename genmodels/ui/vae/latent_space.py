"""The latent space of a trained VAE: a map of the codes, what is selected on it, and its clusters."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.checkpoints import code_history
from genmodels.errors import UserError
from genmodels.language import N_, _, ngettext
from genmodels.latent import codes as latent_codes
from genmodels.latent.clusters import Clusters
from genmodels.latent.codes import Codes
from genmodels.latent.maps import Map
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne import TSNE
from genmodels.latent.umap import UMAP
from genmodels.ui.access.permission import may_train
from genmodels.ui.components.latent_map import Extra, latent_map, pressed
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, follow, moves
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.shell.explanation import explanation
from genmodels.ui.vae.cluster_choice import choose_clusters, clusters_of, neighbourhoods_progress, slider_key
from genmodels.ui.vae.clusters import cluster_view, scores
from genmodels.ui.vae.map_choice import KINDS, MAPS, THROUGH, VIEWS, chosen_map
from genmodels.ui.vae.map_look import choose_colouring, look
from genmodels.ui.vae.own_image import own_code
from genmodels.ui.vae.prior import prior_on_map, prior_toggle
from genmodels.ui.vae.selected import decode_place, generate_from
from genmodels.ui.vae.selection import selection
from genmodels.ui.vae.through_training import through_training
from genmodels.ui.widgets.text import plain

COUNTS = (500, 1000, 2000, 5000, 10_000, 20_000, 60_000)
FOR_ALL = 10_000  # images that any visitor may have encoded
MOST_BYTES = 2**28  # of images and reconstructions: 10,000 in colour with 64 x 64 pixels, or all of MNIST
COLUMNS = (14, 9)  # widths of the map and of what is selected
MAP_KEY, VIEW_KEY, COUNT_KEY = "explorer:map", "explorer:view", "explorer:n"
PRESS = N_(
    "Press the PCA map beside its points, and that place of the plane is decoded; with the tool for it, wherever the "
    "pointer is dragged."
)
HEIGHT = "clamp(min(520px, 100vw), 100vh - 290px, min(760px, 100vw))"  # of the map: what is below the controls
Split = Literal["train", "test"]
NAMED: dict[Split, str] = {"train": N_("training"), "test": N_("test")}
OTHER: dict[Split, Split] = {"train": "test", "test": "train"}


class Images(NamedTuple):
    """Which are on the map: the first ``n`` of a split, and whether those of the other one, or codes of the prior, are put over them."""

    split: Split
    n: int
    overlay: bool = False
    prior: bool = False


THROUGHOUT = Images("test", code_history.IMAGES)  # those whose codes a run keeps while it trains


def explorer(entry: Entry) -> None:
    """Everything about the codes of ``entry``."""
    if loading.step(entry) is None:
        st.info(_(loading.NONE_YET))
        return
    fragment(_explorer)(entry)


def _explorer(entry: Entry) -> None:
    bar, upper, lower = st.container(horizontal=True, vertical_alignment="center"), st.container(), st.container()
    if VIEW_KEY not in st.session_state:  # reading the map that may be there is for the first time alone
        st.session_state[VIEW_KEY] = _first_view(entry)
    with bar:
        view = st.segmented_control(
            _("Map"),
            VIEWS,
            required=True,
            key=VIEW_KEY,
            format_func=_,
            label_visibility="collapsed",
            persist_state="session",
        )
        colours = st.container(horizontal=True, vertical_alignment="center", width="content")
        settings = None if view == THROUGH else st.popover(_("Settings"), icon=":material/tune:")
        explanation("tsne")
    chosen = THROUGHOUT if settings is None else _choose_images(settings, entry)
    with upper:
        try:
            codes = loading.codes(entry, chosen.split, chosen.n)
            added = loading.codes(entry, OTHER[chosen.split], chosen.n) if chosen.overlay else None
            prior = prior_on_map(entry) if chosen.prior else None
        except (UserError, OSError) as error:
            st.error(plain(error))
            return
    with colours:
        colouring = choose_colouring(codes)
    with lower, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader(_("Clusters"), width="content")
        choice = choose_clusters(codes)
        clusters, clustered = clusters_of(codes, choice)
        scores(clusters)
    with lower, st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            ngettext(
                "Measured on {n:,} {named} image.",
                "Measured on {n:,} {named} images.",
                n=len(codes),
                named=_(NAMED[chosen.split]),
            )
            + (_(" Labels are used for these scores alone.") if codes.labels is not None else ""),
            width="content",
        )
        neighbourhoods_progress(codes, choice)
    with lower:
        cluster_view(codes, clusters, clustered, slider_key(codes))
    with upper:
        if settings is None:
            through_training(entry, codes, look(codes, clusters, colouring))
            return
        made = chosen_map(view, codes, settings) if view in KINDS else None
        if view in KINDS and made is None:
            return
        going = made is not None and moves(made)
        refresh_every(_map_and_selection, TICK if going else None)(
            entry, codes, clusters, made, colouring, added, prior, going
        )


def _first_view(entry: Entry) -> str:
    """t-SNE, which shows groups, where that map is there already; else PCA, for which nobody has to wait."""
    made = TSNE(loading.codes_folder(entry, "test", latent_codes.STORED_IMAGES))
    if (made.folder / latent_codes.MAP).exists():
        with suppress(UserError, OSError):  # which are told where they are drawn
            loading.codes(entry, "test", latent_codes.STORED_IMAGES)  # a pretrained model brings the map without them
    return TSNE.title if made.finished_result() is not None else VIEWS[0]


def _counts(entry: Entry) -> list[int]:
    """How many images can be chosen: as many as fit into memory, and no more than ``FOR_ALL`` by who may not start what takes long."""
    image = entry.config["channels"] * entry.config["image_size"] ** 2
    most = MOST_BYTES // (2 * image) if may_train() else FOR_ALL
    return [count for count in COUNTS if count <= most]


def _choose_images(settings: DeltaGenerator, entry: Entry) -> Images:
    counts = _counts(entry)
    if st.session_state.get(COUNT_KEY, counts[-1]) > counts[-1]:  # chosen for smaller images
        st.session_state[COUNT_KEY] = counts[-1]
    with settings:
        split: Split = st.segmented_control(
            _("Images"), ["test", "train"], format_func=_, default="test", required=True, key="explorer:split", persist_state="session",
            help=_("Of the run's own data. The VAE was trained on the training images, not on the test images."),
        )  # fmt: skip
        n = st.select_slider(
            _("How many"),
            counts,
            latent_codes.STORED_IMAGES,
            key=COUNT_KEY,
            format_func=lambda count: _("{n:,}", n=count),
            help=_("All there are, where there are fewer. t-SNE takes at most {most:,}.", most=TSNE.most),
            persist_state="session",
        )
        overlay = st.toggle(
            _("Overlay {named} images", named=_(NAMED[OTHER[split]])),
            help=_("Into the map as it is, which does not move."),
        )
        return Images(split, n, overlay, prior_toggle())


def _map_and_selection(
    entry: Entry,
    codes: Codes,
    clusters: Clusters,
    made: Map | None,
    colouring: str,
    added: Codes | None,
    prior: np.ndarray | None,
    was_going: bool,
) -> None:
    """While a map is being computed, this part looks again by itself, so that the points are seen to move."""
    left, right = st.columns(COLUMNS)
    with left:
        drawn, below = st.container(), st.container()
    points: np.ndarray | None
    with below:
        if made is None:
            plane = principal_plane(codes.mu)
            points, going = plane.project(codes.mu), False
            extra = _extra(codes, added, prior, plane.project)
            token = f"{codes.folder}:PCA"
            share = float(plane.explained.sum())
            told = ngettext("{n:,} image.", "{n:,} images.", n=len(codes))
            if share:  # a single code has no variance
                told += _(" The plane keeps {share:.0%} of the variance of their codes.", share=share)
            st.caption(told, help=f"{_(MAPS)} {_(PRESS)}")
        else:
            points, going = follow(made, "explorer")
            if going and points is None:  # until the first are there, others to look at
                points = principal_plane(codes.mu).project(codes.mu)
            token = str(made.folder)
            extra = None if going or points is None else _extra(codes, added, prior, partial(_placed, made))
    if going != was_going:
        st.rerun()  # the whole page: this part starts, or stops, to look again by itself
    if points is None:
        return
    with right:
        if made is None and (place := pressed(MAP_KEY)):
            decode_place(entry, plane.lift(np.array([place])))
    with drawn:
        picked = latent_map(
            points,
            **look(codes, clusters, colouring),
            height=HEIGHT,
            extra=extra,
            leads=made is None,
            key=MAP_KEY,
            token=token,
            name=entry.name,
        )
    with right:
        chosen = np.array(picked, dtype=int)
        selection(codes, clusters.ids, chosen, MAP_KEY)
        if len(chosen):
            generate_from(entry, codes, chosen)


def _folder(made: Map) -> str:
    return str(made.folder)


def _placed(made: Map, mu: np.ndarray) -> np.ndarray:
    with st.spinner(_("Placing the images into the map…"), show_time=True):
        return _embedded(made, mu)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs={TSNE: _folder, UMAP: _folder})
def _embedded(made: Map, mu: np.ndarray) -> np.ndarray:
    return made.transform(mu)


def _extra(
    codes: Codes, added: Codes | None, prior: np.ndarray | None, embed: Callable[[np.ndarray], np.ndarray]
) -> Extra | None:
    """What is put into a map that is finished: codes of the prior, or else the images of the other split, or the visitor's own."""
    own = own_code(codes.mu.shape[1])
    if prior is not None:
        return Extra(embed(prior), [], _("from the prior"))
    if added is not None:
        named = [] if added.labels is None else [added.classes[label] for label in added.labels]
        return Extra(embed(added.mu), named, _("placed later"))
    return None if own is None else Extra(embed(own.mu[None]), [_(own.name)], _(own.name))
