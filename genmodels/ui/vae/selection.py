"""The images that are selected on the map of the latent space, or examples of them; how they are found, and taken away."""

import numpy as np
import streamlit as st

from genmodels.export.codes import codes_table, images_zip
from genmodels.language import N_, _, ngettext
from genmodels.latent.codes import Codes
from genmodels.ui.components.latent_map import choose
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.images import strip

SHOWN, A_ROW = 24, 12  # of the selected images
WITH_NEIGHBOURS, NEIGHBOURS = 8, 8
KEYS = N_(
    "With the keyboard: arrows move a cross, Enter selects the point there, Shift+Enter the box since the last Enter."
)


def selection(codes: Codes, clusters: np.ndarray, picked: np.ndarray, key: str) -> None:
    """Draw the images of the indices ``picked`` (M,) with their reconstructions and neighbours; ``examples`` where there are none.

    clusters: (N,), the cluster of each; ``key``: of the map.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(picked):
            more = _(", the first {shown} shown", shown=SHOWN) if len(picked) > SHOWN else ""
            st.markdown(_("**{n:,} selected**{more}", n=len(picked), more=more), width="content")
        else:
            st.markdown(
                _("Click on a point, or draw around some, to see the images there."), help=_(KEYS), width="content"
            )
        _find(codes, key)
        if len(picked):
            _take_away(codes, clusters, picked)
    if not len(picked):
        picked = examples(codes)
    shown = picked[:SHOWN]
    st.caption(_("Images, and below each what the decoder makes of its code"))
    for row in np.array_split(shown, -(-len(shown) // A_ROW)):
        pair = np.concatenate([codes.images[row], codes.reconstructions[row]])
        numbers = ", ".join(map(str, row))
        strip(
            pair, _("Images {numbers} over their reconstructions", numbers=numbers), columns=len(row), width="stretch"
        )
    if len(codes) == 1:
        return  # which is near to nothing
    some = picked[:WITH_NEIGHBOURS]
    st.caption(
        ngettext(
            "The first, with its nearest neighbours in latent space",
            "The first {n}, each with its nearest neighbours in latent space",
            n=len(some),
        )
    )
    rows = [
        np.concatenate([[index], near]) for index, near in zip(some, codes.neighbours(some, NEIGHBOURS), strict=True)
    ]
    alt = _("Images {numbers}, each with its neighbours", numbers=", ".join(map(str, some)))
    strip(codes.images[np.concatenate(rows)], alt, columns=len(rows[0]), width="stretch")


def _find(codes: Codes, key: str) -> None:
    with st.popover(_("Find"), icon=":material/search:"):
        if codes.labels is not None:
            st.selectbox(
                _("Label"), codes.classes, index=None, key=f"{key}:label", placeholder=_("Choose one"),
                on_change=_choose_label, args=(codes, key),
            )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="bottom"):
            index = number_below(_("Image"), len(codes), f"{key}:index", width=130)
            st.button(
                _("Select"), on_click=choose, args=(key, [index]), icon=":material/my_location:", key=f"{key}:select"
            )


def _choose_label(codes: Codes, key: str) -> None:
    if codes.labels is not None and (label := st.session_state[f"{key}:label"]) in codes.classes:
        choose(key, np.flatnonzero(codes.labels == codes.classes.index(label)).tolist())


def _take_away(codes: Codes, clusters: np.ndarray, picked: np.ndarray) -> None:
    def table() -> str:
        return codes_table(codes, clusters, picked).to_csv(index=False)

    st.download_button(
        "CSV", table, "codes.csv", "text/csv", on_click="ignore", icon=":material/download:", help=_("Their codes, labels and clusters.")
    )  # fmt: skip
    st.download_button(
        _("Images"), lambda: images_zip(codes, picked), "images.zip", "application/zip", on_click="ignore",
        icon=":material/folder_zip:", help=_("As PNG files in a zip."),
    )  # fmt: skip


def examples(codes: Codes) -> np.ndarray:
    """The indices of some images: the first of each class, or, without labels, the first of all."""
    if codes.labels is None:
        return np.arange(min(A_ROW, len(codes)))
    return np.unique(codes.labels, return_index=True)[1][:A_ROW]
