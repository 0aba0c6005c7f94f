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
    n, _, height, width = images.shape
    columns = math.ceil(math.sqrt(n))
    return Sheet(data_url(grid(images, columns, gap=0)), columns, width, height)


def _facts(codes: Codes, clusters: Clusters) -> list[Fact]:
    """What is told of each point."""
    facts = [Fact(_("cluster"), [str(number) for number in range(clusters.k)], clusters.ids)]
    if codes.labels is not None and len(codes.classes) <= MOST_KINDS:
        facts.insert(0, Fact(_("label"), codes.classes, codes.labels))
    return [*facts, Fact(_("error, nats:"), values=codes.errors)]
