"""What is clustered, and how: the codes, or their neighbourhoods, which a map in the background has first to find."""

from typing import Literal, NamedTuple

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.latent.clusters import Clusters, cluster, cluster_accuracy
from genmodels.latent.codes import Codes
from genmodels.latent.maps import FEWEST
from genmodels.latent.neighbourhoods import DIMENSIONS, NEIGHBOURS, SEEDS, Neighbourhoods, spread
from genmodels.latent.partition import METHODS, Method
from genmodels.ui.access.permission import may_train
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, Words, follow, moves
from genmodels.ui.widgets.bounded import slider_up_to

What = Literal["codes", "neighbourhoods"]
WHAT: dict[What, str] = {"codes": N_("codes"), "neighbourhoods": N_("neighbourhoods")}
TITLES: dict[Method, str] = {"KMeans": "KMeans", "Gaussian mixture": N_("Gaussian mixture"), "HDBSCAN": "HDBSCAN"}
HELP_WHAT = N_(
    "The codes as they are, or their neighbourhoods: where UMAP puts them in {dimensions} dimensions, "
    "{neighbours} neighbours to a point. Labels are never seen.",
    dimensions=DIMENSIONS,
    neighbours=NEIGHBOURS,
)
HELP_BY = N_(
    "KMeans takes clusters for round and equally wide, a Gaussian mixture for ellipses. HDBSCAN looks for crowds of any shape, "
    "and finds how many there are; points between them join the nearest."
)


class Choice(NamedTuple):
    """What is clustered, by which method, into how many clusters."""

    what: What
    by: Method
    k: int


def choose_clusters(codes: Codes) -> Choice:
    """The controls, in the line where they stand."""
    what: What = "codes"
    if len(codes) >= FEWEST:
        what = st.segmented_control(
            _("What is clustered"), list(WHAT), format_func=lambda what: _(WHAT[what]), default=what, required=True, key="explorer:what", label_visibility="collapsed",
            persist_state="session", help=_(HELP_WHAT),
        )  # fmt: skip
    by: Method = st.segmented_control(
        _("Method"), METHODS, format_func=lambda by: _(TITLES[by]), default=METHODS[0], required=True, key="explorer:by", label_visibility="collapsed",
        persist_state="session", help=_(HELP_BY),
    )  # fmt: skip
    k = 0 if by == "HDBSCAN" else number_of_clusters(codes)
    return Choice(what, by, k)


def number_of_clusters(codes: Codes) -> int:
    """The slider for it."""
    return slider_up_to(
        _("Clusters (k)"),
        2,
        max(1, min(20, len(codes) - 1)),
        slider_key(codes),
        len(codes.classes) or 10,
        width=200,
        help=_("In all dimensions of what is clustered, not on the map."),
    )


def slider_key(codes: Codes) -> str:
    """Of the number of clusters."""
    return f"explorer:k:{len(codes.classes)}"


def clusters_of(codes: Codes, choice: Choice) -> tuple[Clusters, np.ndarray]:
    """The clusters, and the points (N, P) that are clustered: the codes as long as their neighbourhoods are not known."""
    points = _points(codes, choice)
    with st.spinner(_("Clustering…")):
        return _clusters(points, codes.labels, choice.k, choice.by), points


def neighbourhoods_progress(codes: Codes, choice: Choice) -> None:
    """Draw how far the maps of the neighbourhoods are that are asked for, one after the other, and what was measured on them."""
    if choice.what == "codes":
        return
    asked = f"explorer:seeds:{codes.folder}"
    wanted = [Neighbourhoods(codes.folder, seed) for seed in range(SEEDS if st.session_state.get(asked) else 1)]
    if missing := [made for made in wanted if made.look().state != "done"]:
        if wanted[0] in missing and (may_train() or moves(missing[0])):  # else they may never be, as is said below
            st.caption(_("These are clusters of the codes until the neighbourhoods are known."), width="content")
        refresh_every(_await, TICK if moves(missing[0]) else None)(missing, len(wanted), moves(missing[0]))
    if codes.labels is None or wanted[0] in missing:
        return
    if len(wanted) == 1:
        st.button(
            _("{n} seeds", n=SEEDS), on_click=_ask, args=(asked,), icon=":material/casino:", key="explorer:seeds",
            help=_("Map the neighbourhoods anew with other seeds, in the background, and see how far the accuracy depends on them."),
        )  # fmt: skip
    elif not missing:
        points = [found for made in wanted if (found := made.look().found) is not None]
        middle, low, high = spread([_accuracy(each, codes.labels, choice.k, choice.by) for each in points])
        st.markdown(
            _(
                "ACC over {seeds} seeds of the map: median **{middle:.1%}**, from {low:.1%} to {high:.1%}.",
                seeds=SEEDS,
                middle=middle,
                low=low,
                high=high,
            ),
            width="content",
        )


def _ask(key: str) -> None:
    st.session_state[key] = True


def _await(missing: list[Neighbourhoods], wanted: int, was_moving: bool) -> None:
    number = wanted - len(missing) + 1
    what = _(missing[0].title)
    if wanted > 1:
        what = _("{title}, seed {number} of {wanted},", title=what, number=number, wanted=wanted)
    words = Words(instead=N_("these are clusters of the codes"))
    moving = follow(missing[0], "explorer:neighbourhoods", what, words)[1]
    if moving != was_moving:
        st.rerun()  # all that depends on it


def _points(codes: Codes, choice: Choice) -> np.ndarray:
    if choice.what == "neighbourhoods":
        look = Neighbourhoods(codes.folder).look()
        if look.state == "done" and look.found is not None:
            return look.found
    return codes.mu


@st.cache_resource(max_entries=20, show_spinner=False)
def _clusters(points: np.ndarray, labels: np.ndarray | None, k: int, by: Method) -> Clusters:
    return cluster(points, k, labels, by=by)


@st.cache_data(max_entries=100, show_spinner=False)
def _accuracy(points: np.ndarray, labels: np.ndarray, k: int, by: Method) -> float:
    return cluster_accuracy(cluster(points, k, by=by).ids, labels)
