"""Which map of the codes is drawn, and by which settings it is made."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.latent.maps import FEWEST, Map
from genmodels.latent.tsne import TSNE, fitting_perplexity
from genmodels.latent.umap import UMAP
from genmodels.ui.widgets.bounded import whole_number

THROUGH: str = N_("Through training")  # the codes as they were at each moment of it, on a plane of principal components
VIEWS = ("PCA", "t-SNE", "UMAP", THROUGH)
KINDS: dict[str, type[Map]] = {"t-SNE": TSNE, "UMAP": UMAP}
MAPS = N_(
    "PCA: the plane that keeps most of the variance. t-SNE and UMAP: neighbours stay neighbours, distances between groups "
    "mean little."
)


def chosen_map(view: str, codes: Codes, settings: DeltaGenerator) -> Map | None:
    """The map of the codes by that method, whose settings are drawn; None where there are too few or too many of them, which
    one sentence says."""
    kind = KINDS[view]
    if len(codes) < FEWEST:
        st.warning(
            _(
                "{view} needs at least {fewest} images, and there are {n}: look at the PCA map.",
                view=view,
                fewest=FEWEST,
                n=len(codes),
            )
        )
        return None
    if len(codes) > kind.most:
        st.warning(
            _("{view} takes at most {most:,} images: choose fewer of them, or the UMAP map.", view=view, most=kind.most)
        )
        return None
    with settings:
        return _umap(codes) if kind is UMAP else _tsne(codes)


def _tsne(codes: Codes) -> TSNE:
    perplexity = st.slider(
        _("Perplexity"), 5, 100, 30, 5, key="explorer:perplexity", persist_state="session",
        help=_("About how many neighbours each point tries to keep near."),
    )  # fmt: skip
    lowered = fitting_perplexity(perplexity, len(codes))
    if lowered < perplexity:
        st.info(
            _(
                "The perplexity is lowered to {lowered:.3g}, because there are only {n} images.",
                lowered=lowered,
                n=len(codes),
            )
        )
    return TSNE(codes.folder, _seed("t-SNE", "explorer:seed"), perplexity)


def _umap(codes: Codes) -> UMAP:
    neighbours = st.slider(
        _("Neighbours"), 5, 100, 15, 5, key="explorer:neighbours", persist_state="session",
        help=_("How many of each point stay near it: few show small groups, many the large shape."),
    )  # fmt: skip
    min_dist = st.slider(
        _("Least distance"), 0.0, 1.0, 0.1, 0.05, key="explorer:min_dist", persist_state="session",
        help=_("How near neighbours may come to each other on the map: 0 packs groups tightly."),
    )  # fmt: skip
    return UMAP(codes.folder, _seed("UMAP", "explorer:umap-seed"), neighbours, min_dist)


def _seed(title: str, key: str) -> int:
    return whole_number(_("Seed of {title}", title=title), 0, 9999, 0, key=key)
