"""The codes of an InfoGAN at work: what each of them changes in the image, in a grid and by hand."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genmodels.language import _, listed
from genmodels.ui.infogan.code_meanings import code_names, meanings
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import about, at_most, strip
from genmodels.ui.widgets.noise import noise, resample_button
from genmodels.ui.widgets.text import plain

__all__ = ["codes", "meanings"]

REACH = 2.0  # of a continuous code, either way: beyond the [-1, 1] of training
COLUMNS, ROWS = 9, 10  # of the grid
CELL, LARGE = 56, 380  # pixels of one image's side, about
VALUES = np.linspace(-REACH, REACH, COLUMNS)
GRID, HAND = "codes:grid", "codes:hand"


def codes(entry: Entry) -> None:
    """Everything that the generator of ``entry`` makes of its codes."""
    if loading.ready(entry):
        names = code_names(entry)
        left, right = st.columns([7, 4], gap="medium")
        with left:
            fragment(_grid)(entry, names)
        with right:
            fragment(_by_hand)(entry, names)


def _grid(entry: Entry, names: Sequence[str]) -> None:
    count = entry.config["continuous"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        rows = _rows(len(names))
        moved = _moved(count) if count else None
        resample_button(GRID)
        st.markdown("", help=_about(moved))
    z = noise(GRID, 1 if count else COLUMNS, entry.config["latent_dim"])
    continuous = np.zeros((COLUMNS, count))
    if moved is not None:
        continuous[:, moved] = VALUES
    images = loading.generate(
        entry,
        np.tile(z, (len(rows) * COLUMNS // len(z), 1)),
        labels=np.repeat(rows, COLUMNS),
        codes=np.tile(continuous, (len(rows), 1)),
    )
    scale = about(images, CELL)
    with st.container(gap=None):
        for code, row in zip(rows, np.split(images, len(rows)), strict=True):
            left, right = st.columns([2, 9], vertical_alignment="center", gap="xxsmall", wrap=False)
            left.markdown(plain(names[code]))
            with right:
                strip(row, _("{name}, column by column", name=names[code]), scale=scale, width="stretch")


def _about(moved: int | None) -> str:
    """What the columns of the grid are."""
    if moved is None:
        return _("This model has no continuous code: each column has a noise of its own.")
    steps = listed(_("{value:g}", value=value) for value in VALUES)
    return _(
        "One categorical code a row, all images of the same noise. From left to right continuous code {moved}"
        " is {steps}, the others 0. Training saw values in [-1, 1] only: the two images at either end go "
        "beyond it.",
        moved=moved,
        steps=steps,
    )


def _rows(k: int) -> Sequence[int]:
    """The codes that have a row; where they are many, the visitor chooses which."""
    if k <= ROWS:
        return range(k)
    parts = [range(first, min(first + ROWS, k)) for first in range(0, k, ROWS)]
    number = st.selectbox(
        _("Rows"), range(len(parts)), format_func=lambda part: _("codes {first} to {last}", first=parts[part][0], last=parts[part][-1]),
        key=f"{GRID}:rows:{k}", persist_state="session", width=200,
    )  # fmt: skip
    return parts[number]


def _moved(count: int) -> int:
    """The continuous code that changes from left to right."""
    return st.selectbox(
        _("Columns"), range(count), format_func=lambda number: _("continuous code {number}", number=number), key=f"{GRID}:columns:{count}", persist_state="session",
        width=200,
    )  # fmt: skip


def _by_hand(entry: Entry, names: Sequence[str]) -> None:
    picture = st.container()
    with st.container():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            code = st.selectbox(
                _("Categorical code"), range(len(names)), format_func=names.__getitem__, key=f"{HAND}:code:{len(names)}",
                persist_state="session", width=260,
            )  # fmt: skip
            resample_button(HAND)
        continuous = [_slider(number) for number in range(entry.config["continuous"])]
    with picture:
        z = noise(HAND, 1, entry.config["latent_dim"])
        image = loading.generate(entry, z, labels=np.array([code]), codes=np.array([continuous], float))
        strip(image, _("{name}, by hand", name=names[code]), scale=at_most(image, LARGE))


def _slider(number: int) -> float:
    name, key = _("Continuous code {number}", number=number), f"{HAND}:continuous:{number}"
    return st.slider(name, -REACH, REACH, 0.0, 0.05, key=key, persist_state="session")
