"""How the points of a map of codes look: their colours, their images, and what is told of each."""

import math
from typing import Any

import numpy as np
import streamlit as st

from genmodels.export.figures import PALETTE
from genmodels.language import N_, _
from genmodels.latent.clusters import Clusters
from genmodels.latent.codes import Codes
from genmodels.storage.image_grid import data_url, grid
from genmodels.ui.components.latent_map import MOST_KINDS, Fact, Kind, Sheet
from genmodels.ui.vae.clusters import colours, names

MOST_PIXELS = 2**24  # of a sheet; of four bytes each in the browser


def choose_colouring(codes: Codes) -> str:
    """What the visitor wants points to be coloured by."""
    labelled = codes.labels is not None and len(codes.classes) <= MOST_KINDS
    choices = [*([N_("label")] if labelled else []), N_("cluster"), N_("error")]
    st.markdown(_("Colour"), width="content")
    return st.segmented_control(
        _("Colour by"), choices, format_func=_, default=choices[0], required=True, key=f"explorer:colour:{len(choices)}",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip


def look(codes: Codes, clusters: Clusters, colouring: str) -> dict[str, Any]:
    """What ``latent_map`` is told of the points of ``codes``, beside where they are."""
    kinds, kind_of, values = [Kind(_("images"), PALETTE[0])], None, None
    if colouring == "error":
        values = codes.errors
    elif colouring == "label":
        kinds = [Kind(name, PALETTE[index % len(PALETTE)]) for index, name in enumerate(codes.classes)]
        kind_of = codes.labels
    else:
        named = zip(names(codes, clusters), colours(codes, clusters), strict=True)
        kinds, kind_of = [Kind(name, colour) for name, colour in named], clusters.ids
    return {
        "kinds": kinds,
        "kind_of": kind_of,
        "values": values,
        "value_label": _("nats"),
        "sheet": _sheet(codes.images),
        "facts": _facts(codes, clusters),
    }


@st.cache_data(max_entries=10, show_spinner=False)
def _sheet(images: np.ndarray) -> Sheet:
    """All of them in one picture; of very many, which a browser could not hold, each pixel is the mean of several."""
    while images[:, 0].size > MOST_PIXELS and min(images.shape[2:]) > 1:
        images = _halved(images)
    n, _, height, width = images.shape
    columns = math.ceil(math.sqrt(n))
    return Sheet(data_url(grid(images, columns, gap=0)), columns, width, height)


def _halved(images: np.ndarray) -> np.ndarray:
    """Means of 2 x 2 pixels, rounded down; an odd last row or column is left out: uint8 (N, C, H, W) -> (N, C, H // 2, W // 2)."""
    height, width = images.shape[2] // 2 * 2, images.shape[3] // 2 * 2
    parts = [images[:, :, y:height:2, x:width:2].astype(np.uint16) for y in range(2) for x in range(2)]
    return (sum(parts[1:], parts[0]) // 4).astype(np.uint8)


def _facts(codes: Codes, clusters: Clusters) -> list[Fact]:
    """What is told of each point."""
    facts = [Fact(_("cluster"), [str(number) for number in range(clusters.k)], clusters.ids)]
    if codes.labels is not None and len(codes.classes) <= MOST_KINDS:
        facts.insert(0, Fact(_("label"), codes.classes, codes.labels))
    return [*facts, Fact(_("error, nats:"), values=codes.errors)]
