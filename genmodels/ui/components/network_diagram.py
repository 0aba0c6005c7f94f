"""The network diagram: the layers of a network as boxes in the order in which they run, of which one is chosen.

The boxes that can be chosen are radio buttons in the browser, `network_diagram.js`, so keyboard and screen readers work as everywhere. What
is chosen is a state of the component. Streamlit forgets it while another page is visited, so this side remembers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from PIL import Image

from genmodels.storage.image_grid import data_url
from genmodels.ui.components.serving import browser_component


@dataclass(frozen=True)
class Box:
    """A box: its title, lines of text below that, and a small picture of what it gives, which is drawn without blurring.

    layer: whether it can be chosen; the others say what goes in. parallel: whether it stands beside the box before it, not below.
    """

    title: str
    lines: tuple[str, ...]
    picture: Image.Image | None = None
    layer: bool = True
    parallel: bool = False


def network_diagram(boxes: Sequence[Box], *, key: str, name: str, default: int) -> int:
    """Draw `boxes` and return the index of the chosen one, at first `default`; `name` says what network it is."""
    slot = f"{key}:chosen"
    chosen = st.session_state.get(slot, default)
    data = {"name": name, "chosen": chosen, "boxes": [_message(box) for box in boxes]}
    state = _component(key=key, data=data, on_chosen_change=lambda: None)
    st.session_state[slot] = read_choice(state.chosen, boxes, chosen)
    return st.session_state[slot]


def read_choice(sent: Any, boxes: Sequence[Box], otherwise: int) -> int:
    """The index that the browser sent, or another one for all that the diagram does not send."""
    fits = type(sent) is int and 0 <= sent < len(boxes) and boxes[sent].layer
    return sent if fits else otherwise


def _message(box: Box) -> dict[str, Any]:
    picture = "" if box.picture is None else data_url(box.picture)
    return {
        **{"title": box.title, "lines": box.lines, "picture": picture},
        **{"layer": box.layer, "parallel": box.parallel},
    }


_component = browser_component("network_diagram")
