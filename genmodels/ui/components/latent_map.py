"""The latent map: a scatter plot of up to 70,000 points that keeps the reader's zoom and selection while points move and colours change.

The protocol, of which `latent_map.js` is the other half:

- A message has four *parts*: the points, their colouring, their images, and the points placed in later. A part that this session has sent already goes as its
  digest alone. If the browser does not have it (Streamlit merges messages that it could not send in time; a page visited again starts empty),
  it asks for everything by the trigger `resync`.
- What is selected is a state of the component: one bit a point, so 10,000 points make 1.7 KB. It is a set of indices into `points`, whatever
  traces the browser draws them in.
- A *turn* begins with another token or another number of points. The browser then forgets zoom and selection, and a selection of an earlier turn
  counts no more.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import streamlit as st

from genmodels.ui.components.serving import browser_component

STEPS = 2**16 - 2
"""How fine a coordinate is sent: in so many steps from the lowest to the highest. One more 16-bit number stands for what is not finite."""

MOST_KINDS = 256
"""Which of them a point is goes as one byte."""


@dataclass(frozen=True)
class Kind:
    """An entry of the legend: its label and a CSS colour."""

    label: str
    colour: str


@dataclass(frozen=True, eq=False)
class Extra:
    """Points placed into the map later, (M, 2), with what each is called when one hovers over it, and their entry in the legend.

    Up to 20 are drawn as large diamonds, more as small crosses. They cannot be selected.
    """

    points: np.ndarray
    labels: Sequence[str] = ()
    name: str = "placed"


@dataclass(frozen=True, eq=False)
class Fact:
    """What is told of each point when one hovers over it: one of up to 256 ``names``, by their indices ``of`` (N,), or one of
    ``values`` (N,)."""

    title: str
    names: Sequence[str] = ()
    of: np.ndarray | None = None
    values: np.ndarray | None = None


@dataclass(frozen=True)
class Sheet:
    """The images of all points in one picture, row by row; ``width`` and ``height`` of each, in pixels of it."""

    url: str
    columns: int
    width: int
    height: int


@dataclass
class _Memory:
    """What a session remembers of its map in the browser."""

    token: str
    count: int
    turn: int
    sent: dict[str, str] = field(default_factory=dict)  # part -> digest
    place: tuple[float, float] | None = None  # where the map was pressed beside all points
    selected: str = ""  # Streamlit forgets the component's state while another page is visited

    def hear(self, state: Mapping[str, Any]) -> None:
        """Take over what the browser told in this turn."""
        selection, place = state.get("selection"), state.get("place")
        if isinstance(selection, dict) and selection.get("turn") == self.turn:
            self.selected = selection.get("bits", "")
        if isinstance(place, dict) and place.get("turn") == self.turn:
            self.place = _place(place.get("at"))


def latent_map(
    points: np.ndarray,
    kinds: Sequence[Kind] = (),
    *,
    kind_of: np.ndarray | None = None,
    values: np.ndarray | None = None,
    value_label: str = "",
    extra: Extra | None = None,
    sheet: Sheet | None = None,
    facts: Sequence[Fact] = (),
    key: str,
    token: str,
    height: str = "520px",
    selectable: bool = True,
    leads: bool = False,
    name: str = "",
    follows: str = "",
) -> tuple[int, ...]:
    """Draw `points` and return the indices, ascending, of those that are selected.

    Args:
        points: (N, 2), or (M, N, 2) where they are at M moments. Those that are not finite are not drawn.
        kinds: the legend.
        kind_of: (N,), which of `kinds` each point is. Either this or `values` gives the colours.
        values: (N,), on a continuous colour scale, which `value_label` names.
        extra: points placed in later.
        sheet: the images of the points, shown under the pointer with the `facts`, and on the map where it is zoomed in.
        key: Streamlit's element key.
        token: what the points are of. While it stays the same, points may move and change colour, and zoom, pan, drag mode, hidden entries and
            selection stay. Another token forgets them.
        height: a length in CSS, which may depend on the window's.
        selectable: whether lasso, box and click select. Otherwise nothing is selected.
        leads: whether a place beside all points can be ``pressed`` by dragging the pointer, too, which a tool is for.
        name: of what was mapped, for a picture that is taken away.
        follows: the film of a `film_player` whose frames are the M moments; between two of them the points go straight.
    """
    points = np.asarray(points, float)
    count = points.shape[-2]
    slot = f"{key}:map"
    memory: _Memory | None = st.session_state.get(slot)
    if memory is None or (memory.token, memory.count) != (token, count):
        memory = _Memory(token, count, turn=memory.turn + 1 if memory else 1)
        st.session_state[slot] = memory
    parts = {
        "points": _columns(points.reshape(-1, 2)) | {"moments": points.size // (2 * count)},
        "colours": _colours(count, kinds, kind_of, values, value_label),
        "extra": _columns(extra.points) | {"labels": list(extra.labels), "name": extra.name} if extra else {},
    }
    if sheet:
        told = [_fact(fact) for fact in facts]
        parts["pictures"] = asdict(sheet) | {"facts": told}
    state = _component(
        key=key,
        data=next_message(
            memory,
            parts,
            height=height,
            selectable=selectable,
            leads=leads,
            place=pressed(key),
            name=name,
            follows=follows,
        ),
        on_resync_change=memory.sent.clear,
        on_selection_change=lambda: None,
        on_place_change=lambda: None,
    )
    # After the mount: a script stopped between the two lines sends some parts twice, and none too few.
    memory.sent.update({name: digest(part) for name, part in parts.items()})
    memory.hear(state)
    return unpack(memory.selected, count) if selectable else ()


def pressed(key: str) -> tuple[float, float] | None:
    """Where, in its own coordinates, the map of that key was last pressed beside all points.

    What is made of it before the map is drawn is there before the browser tells the next place.
    """
    memory: _Memory | None = st.session_state.get(f"{key}:map")
    if memory is None:
        return None
    memory.hear(st.session_state.get(key) or {})
    return memory.place


def _place(at: Any) -> tuple[float, float] | None:
    """What the browser sent, if that is two numbers."""
    if not isinstance(at, list) or len(at) != 2 or not all(isinstance(value, int | float) for value in at):
        return None
    x, y = map(float, at)
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def choose(key: str, indices: Sequence[int]) -> None:
    """Have the points of these indices selected on the map of that key, which was drawn before; its zoom is forgotten."""
    memory: _Memory = st.session_state[f"{key}:map"]
    flags = np.zeros(memory.count, bool)
    flags[list(indices)] = True
    memory.selected = base64.b64encode(np.packbits(flags, bitorder="little").tobytes()).decode()
    memory.turn += 1
    memory.sent.clear()


def next_message(memory: _Memory, parts: dict[str, dict[str, Any]], **options: Any) -> dict[str, Any]:
    """What the browser needs of `parts` beyond what it was sent; the selection only where it starts from nothing."""
    message = options | {"token": memory.token, "turn": memory.turn, "count": memory.count, "parts": {}}
    for name, part in parts.items():
        known = memory.sent.get(name) == digest(part)
        message["parts"][name] = {"digest": digest(part)} | ({} if known else {"content": part})
    return message if memory.sent else message | {"selected": memory.selected}


def digest(part: dict[str, Any]) -> str:
    """A short name for the content."""
    return hashlib.sha256(json.dumps(part).encode()).hexdigest()[:16]


def pack(values: np.ndarray) -> dict[str, Any]:
    """Numbers as 16-bit steps above the lowest, little-endian in base64: a quarter of JSON's length, and fine enough for a screen."""
    values = np.asarray(values, float)
    finite = np.isfinite(values)
    low = float(values[finite].min()) if finite.any() else 0.0
    step = float(np.ptp(values[finite])) / STEPS if finite.any() else 0.0
    steps = np.full(len(values), STEPS + 1, "<u2")
    steps[finite] = np.rint((values[finite] - low) / (step or 1.0))
    return {"low": low, "step": step, "steps": base64.b64encode(steps.tobytes()).decode()}


def unpack(bits: str, count: int) -> tuple[int, ...]:
    """The indices whose bit is set, of `count` points; none if the browser sent something else."""
    try:
        mask = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except (TypeError, ValueError):
        return ()
    flags = np.unpackbits(mask, bitorder="little")
    return tuple(np.flatnonzero(flags).tolist()) if len(mask) == -(-count // 8) and not flags[count:].any() else ()


def _fact(fact: Fact) -> dict[str, Any]:
    if fact.of is None:
        return {"title": fact.title, "values": pack(np.asarray(fact.values))}
    return {"title": fact.title, "names": list(fact.names), "of": _bytes(fact.of)}


def _bytes(numbers: np.ndarray) -> str:
    return base64.b64encode(numbers.astype(np.uint8).tobytes()).decode()


def _columns(points: np.ndarray) -> dict[str, Any]:
    return {"x": pack(points[:, 0]), "y": pack(points[:, 1])}


def _colours(
    count: int, kinds: Sequence[Kind], kind_of: np.ndarray | None, values: np.ndarray | None, value_label: str
) -> dict[str, Any]:
    if (kind_of is None) == (values is None):
        raise ValueError("A map is coloured by kind_of or by values, one of them")
    given = np.asarray(values if kind_of is None else kind_of)
    if given.shape != (count,):
        raise ValueError(f"{count} points, but colours for {given.shape}")
    if kind_of is None:
        return {"values": pack(given), "label": value_label}
    if count and not 0 <= given.min() <= given.max() < min(len(kinds), MOST_KINDS):
        raise ValueError(
            f"kind_of has {given.min()} to {given.max()}, and there are {len(kinds)} kinds, of at most {MOST_KINDS}"
        )
    return {
        "kinds": [asdict(kind) for kind in kinds],
        "kind_of": _bytes(given),
    }


_component = browser_component("latent_map")
