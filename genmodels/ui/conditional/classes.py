"""A GAN conditioned on classes: every class from the same noise, one image by hand, and ways from class to class."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

import numpy as np
import streamlit as st

from genmodels.language import _
from genmodels.latent.interpolation import linear
from genmodels.ui.conditional.require_condition import has_condition
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.bounded import whole_number
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.inline import inline_number, inline_selection
from genmodels.ui.widgets.interpolation import way
from genmodels.ui.widgets.latent_sliders import code_buttons, code_sliders, set_code, start_at
from genmodels.ui.widgets.named_rows import named_rows
from genmodels.ui.widgets.noise import noise, resample_button

NOISES = 10  # columns of the grid
ROWS = 20  # classes in it, at most
LARGE = 448  # pixels of one image's side, at most
HAND, ONE = "classes:hand", "classes:one:column"


class Generate(Protocol):
    """Noise (N, D), and classes (N,) or shares of them (N, classes), to uint8 images (N, C, H, W)."""

    def __call__(self, z: np.ndarray, *, labels: np.ndarray) -> np.ndarray: ...


def classes(entry: Entry) -> None:
    """Everything about the classes of ``entry``."""
    if has_condition(entry, "label"):
        fragment(_explore)(entry)


def _explore(entry: Entry) -> None:
    generate: Generate = partial(loading.generate, entry)
    names = loading.model(entry).classes
    z = noise("classes", NOISES, entry.config["latent_dim"])
    left, right = st.columns([3, 2])
    with left:
        _grid(names, z, generate)
    with right:
        _one(names, z, generate, f"classes:{loading.folder(entry)}")
    _morph(names, z, generate)


def _grid(names: Sequence[str], z: np.ndarray, generate: Generate) -> None:
    shown = names[:ROWS]
    left_out = _(" The first {shown} of {n} classes.", shown=ROWS, n=len(names)) if len(names) > ROWS else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("**Every class from the same noise**"), width="content",
            help=_("One class a row; each column has one noise z, numbered from 0. What stays along a column, such as slant and thickness, is in the noise; the class is a condition beside it.{left_out}", left_out=left_out),
        )  # fmt: skip
        resample_button("classes")
    labels = np.arange(len(shown)).repeat(NOISES)
    rows = np.split(generate(np.tile(z, (len(shown), 1)), labels=labels), len(shown))
    named_rows((name, _("Class {name}", name=name), row) for name, row in zip(shown, rows, strict=True))


def _one(names: Sequence[str], z: np.ndarray, generate: Generate, prefix: str) -> None:
    image = st.container()
    with st.container():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = st.selectbox(
                _("Class"), range(len(names)), format_func=names.__getitem__, key=f"classes:{_('Class')}:{len(names)}",
                persist_state="session", width=110,
            )  # fmt: skip
            column = whole_number(
                _("Noise of column"), 0, NOISES - 1, 0, key=ONE, width=140, on_change=_take,
                args=(prefix, z),
            )  # fmt: skip
            by_hand = st.toggle(
                _("Move the noise by hand"), key=HAND, persist_state="session", on_change=_take, args=(prefix, z),
                help=_("Begins with the noise of the column."),
            )  # fmt: skip
        own = z[column]
        if by_hand:
            start_at(prefix, own)
            with st.container(horizontal=True):
                code_buttons(prefix, len(own))
            own = code_sliders(prefix, range(len(own)), lambda d: f"z {d}")
    with image:
        drawn = generate(own[None], labels=np.array([label]))
        strip(drawn, _("Class {name}, enlarged", name=names[label]), scale=at_most(drawn, LARGE), width="stretch")


def _take(prefix: str, z: np.ndarray) -> None:
    """Move the sliders to the noise of the column that is chosen."""
    set_code(prefix, z[int(st.session_state[ONE])])


def _morph(names: Sequence[str], z: np.ndarray, generate: Generate) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            _("**From one class to another**"),
            help=_(
                "The noise stays; the embedding of the class goes straight from one to the other. No image between two classes "
                "was ever a condition in training."
            ),
            width="content",
        )
        start, end = (
            inline_selection(title, names, f"classes:{title}:{len(names)}", default=default, width=110)
            for title, default in ((_("From class"), 0), (_("To class"), min(1, len(names) - 1)))
        )
        own = z[inline_number(_("Noise of column"), NOISES - 1, 0, "classes:morph:column")]
    ends = np.eye(len(names))[[start, end]]
    way(
        lambda n: generate(own[None].repeat(n, 0), labels=linear(ends[0], ends[1], n)),
        _("From class {start} to {end}", start=names[start], end=names[end]),
        "classes.gif",
    )
