"""The clusters of the codes: how they match the labels, what is in each, and how many there might be."""

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.export.figures import PALETTE, cluster_heat_map, how_many_clusters
from genmodels.language import N_, _, ngettext
from genmodels.latent.clusters import SILHOUETTE_LEAST, Clusters, contingency, how_many
from genmodels.latent.codes import Codes
from genmodels.latent.partition import partition
from genmodels.ui.components.static_chart import chart
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.text import plain

MEMBERS = 8  # most and least typical ones shown of each cluster
UP_TO = 20  # clusters tried when asked how many there are
SCORES = {
    "ACC": N_(
        "Share of images whose cluster's matched label is their own. Cluster numbers are arbitrary, so clusters are "
        "matched to labels in the best way first (Hungarian method)."
    ),
    "NMI": N_("Normalised mutual information of clusters and labels: 0 for none, 1 for the same groups."),
    "ARI": N_("Adjusted Rand index: pairs of images treated alike by clusters and labels, 0 for chance, 1 for all."),
    N_("silhouette"): N_(
        "How much nearer each code is to its own cluster than to the next one, from -1 to 1; needs no labels, and at least {least} "
        "images.",
        least=SILHOUETTE_LEAST,
    ),
}


def names(codes: Codes, clusters: Clusters) -> list[str]:
    """What each cluster is called: by its number, which means nothing, and the label that it matches."""
    return [
        _("cluster {number} (matched to {label})", number=number, label=codes.classes[clusters.matched[number]])
        if number in clusters.matched
        else _("cluster {number}", number=number)
        for number in range(clusters.k)
    ]


def colours(codes: Codes, clusters: Clusters) -> list[str]:
    """Each cluster has the colour of the label that it matches, so that the colours stay; the others have hues of their own."""
    return [
        PALETTE[clusters.matched.get(number, len(codes.classes) + number - len(clusters.matched)) % len(PALETTE)]
        for number in range(clusters.k)
    ]


def scores(clusters: Clusters) -> None:
    """How well the clusters fit the labels, where there are any, and the codes."""
    for name, value in clusters.scores.items():
        st.metric(_(name), _("{value:.3f}", value=value), help=_(SCORES[name]), width="content")


def cluster_view(codes: Codes, clusters: Clusters, clustered: np.ndarray, slider: str) -> None:
    """Draw the ``clusters`` of the points ``clustered`` (N, P); ``slider``: the key of the one that says how many there are."""
    with st.expander(_("What is in each cluster"), icon=":material/category:"):
        _contents(codes, clusters)
    _how_many(codes, clustered, slider)


def _contents(codes: Codes, clusters: Clusters) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        if codes.labels is not None:
            st.caption(_("Images of each label in each cluster"))
            counts = contingency(clusters.ids, codes.labels, clusters.k, len(codes.classes))
            figure = cluster_heat_map(counts, names(codes, clusters), codes.classes)
            chart(figure, _("Number of images of each label in each cluster"), "explorer:heat")
    with right:
        st.caption(
            _(
                "Each cluster: its mean image, its {members} most typical images, and its {members} least typical ones",
                members=MEMBERS,
            )
        )
        for number, name in enumerate(names(codes, clusters)):
            members = clusters.members(number)
            if not len(members):
                continue
            with st.container(key=f"cluster-{number}"):
                text, pictures = st.columns([1, 3], vertical_alignment="center")
            count = ngettext("{n:,} image", "{n:,} images", n=len(members))
            text.markdown(f"{plain(name)}  \n:small[{count}]")
            with pictures:
                _members(codes.images, members, name)
        if empty := clusters.k - len(np.unique(clusters.ids)):
            st.caption(
                _("Clusters without an image: {empty}. There are fewer different codes than clusters.", empty=empty)
            )


def _members(images: np.ndarray, members: np.ndarray, name: str) -> None:
    mean = images[members].mean(0, keepdims=True).round().astype(np.uint8)
    n = min(MEMBERS, len(members) // 2)
    parts = [mean, images[members[:n]], images[members[len(members) - n :]]]
    strip(np.concatenate(parts), _("{name}: mean image, {n} most and {n} least typical", name=name, n=n), scale=2)


def _how_many(codes: Codes, clustered: np.ndarray, slider: str) -> None:
    with st.expander(_("How many clusters are there?"), icon=":material/help:"):
        st.markdown(
            _(
                "Without labels nobody knows. The *silhouette* is high where points are near to their own cluster and far from the "
                "next one; the *inertia* always falls with k, but less beyond a good one. Codes of a VAE often overlap, and "
                "neither curve has a clear winner then; their neighbourhoods overlap less."
            )
        )
        key = f"explorer:how-many:{codes.folder}:{clustered.shape[1]}"
        if st.button(_("Try all numbers"), icon=":material/query_stats:", key="explorer:try"):
            bar = st.progress(0.0, _("Clustering…"))
            table = how_many(
                clustered,
                range(2, UP_TO + 1),
                progress=lambda k: bar.progress((k - 1) / (UP_TO - 1), _("k = {k} done", k=k)),
            )
            st.session_state[key] = table, len(partition(clustered, 0, by="HDBSCAN")[1])
            bar.empty()
        if key in st.session_state:
            table, crowds = st.session_state[key]
            _suggestion(table, crowds, slider)


def _suggestion(table: pd.DataFrame, crowds: int, slider: str) -> None:
    """How many clusters the silhouette speaks for, and HDBSCAN finds, which sees no number at all."""
    if table.empty:
        st.info(_("There is nothing to compare with fewer than 3 images: choose more of them, or another model."))
        return
    best = int(table["k"].to_numpy()[table["silhouette"].to_numpy().argmax()])
    alt = _("Silhouette, highest at {best} clusters, and inertia over the number of clusters", best=best)
    chart(how_many_clusters(table), alt, "explorer:curves")
    st.caption(
        _(
            "The silhouette is highest at k = {best}. HDBSCAN, which is told no number, finds {crowds}.",
            best=best,
            crowds=crowds,
        )
    )
    st.button(
        _("Take k = {best}", best=best),
        on_click=_take,
        args=(slider, best),
        icon=":material/check:",
        key="explorer:take",
    )


def _take(slider: str, k: int) -> None:
    st.session_state[slider] = k
