"""The codes of an InfoGAN at work: what each of them changes in the image, in a grid and by hand."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genmodels.language import _, listed
from genmodels.ui.infogan.code_meanings import code_names, meanings
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.inline import inline_selection
from genmodels.ui.widgets.named_rows import named_rows
from genmodels.ui.widgets.noise import noise, resample_button

__all__ = ["codes", "meanings"]

REACH = 2.0  # of a continuous code, either way: beyond the [-1, 1] of training
COLUMNS, ROWS = 9, 10  # of the grid
COLUMN_WIDTHS = (2, 1)  # of the grid, and of the image by hand
LARGE = 448  # pixels of that one's side, at most
VALUES = np.linspace(-REACH, REACH, COLUMNS)
GRID, HAND = "codes:grid", "codes:hand"


def codes(entry: Entry) -> None:
    """Everything that the generator of ``entry`` makes of its codes."""
    if loading.ready(entry):
        names, short = code_names(entry)
        left, right = st.columns(COLUMN_WIDTHS, gap="medium")
        with left:
            fragment(_grid)(entry, names, short)
        with right:
            fragment(_by_hand)(entry, names)


def _grid(entry: Entry, names: Sequence[str], short: Sequence[str]) -> None:
    count = entry.config["continuous"]
    with st.container(horizontal=True, vertical_alignment="center"):
        rows = _rows(len(names))
        moved = _moved(count) if count else None
        resample_button(GRID)
        st.markdown("", help=_about(moved), width="content")
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
    named_rows(
        (short[code], _("{name}, column by column", name=names[code]), row)
        for code, row in zip(rows, np.split(images, len(rows)), strict=True)
    )


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
    names = [_("codes {first} to {last}", first=part[0], last=part[-1]) for part in parts]
    return parts[inline_selection(_("Rows"), names, f"{GRID}:rows:{k}", width=170)]


def _moved(count: int) -> int:
    """The continuous code that changes from left to right."""
    names = [_("continuous code {number}", number=number) for number in range(count)]
    return inline_selection(_("Columns"), names, f"{GRID}:columns:{count}", width=180)


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
        strip(image, _("{name}, by hand", name=names[code]), scale=at_most(image, LARGE), width="stretch")


def _slider(number: int) -> float:
    name, key = _("Continuous code {number}", number=number), f"{HAND}:continuous:{number}"
    return st.slider(name, -REACH, REACH, 0.0, 0.05, key=key, persist_state="session")
