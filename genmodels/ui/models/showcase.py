"""What the pretrained models draw, large: their samples side by side, still or as a film of how they were learnt, and one picture a page."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.language import N_, _
from genmodels.storage.image_grid import GAP, enlarged, png
from genmodels.storage.progress import watched
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.widgets.images import history, still
from genmodels.ui.widgets.progress import working

DIGIT = 28  # pixels of a digit's side
COLUMNS = 8  # of a picture of samples
FRAMES, SECONDS = 32, 8.0  # of the film
SHARP = 2  # screen pixels for one
ROWS = 8  # of a page's picture


def samples_wall(models: Sequence[Pretrained], moving: bool, rows: int) -> None:
    """So many rows of the samples of all ``models`` in one picture; ``moving``: as a film from the first preview of each to the last."""
    alt = _("Samples of {models}", models=", ".join(model.name for model in models))
    folders = tuple(str(model.folder) for model in models)
    if moving:
        name = _("{alt}, as they are trained", alt=alt)
        with st.spinner(_("Making the film…")), working():
            film = _film(folders, rows)
        film_player(
            [Frame(_(frame.label), frame.png) for frame in film],
            key="showcase:film",
            name=name,
            seconds=SECONDS,
            stills=0,
            playing=True,
            side="100%",  # as wide as the still picture
        )
    else:
        still(_wall(folders, rows), alt)


def page_picture(models: Sequence[Pretrained]) -> None:
    """What shows best what a page is about: a picture of its first model that is not of samples, else of its samples."""
    for model in models:
        for name in (*(name for name in _drawn(model) if name != "samples"), "samples"):
            if path := model.picture(name):
                alt = _("{what} of {name}", what=_(name.capitalize()), name=model.name)
                still(_upper(str(path)), alt)
                return


def _drawn(model: Pretrained) -> list[str]:
    return sorted(path.stem for path in model.folder.glob("*.png"))


@st.cache_data(max_entries=8, show_spinner=False)
def _wall(folders: tuple[str, ...], rows: int) -> bytes:
    return _png(_beside([_cut(Path(folder) / "samples.png", rows) for folder in folders]))


@st.cache_data(max_entries=2, show_spinner=False)
def _film(folders: tuple[str, ...], rows: int) -> list[Frame]:
    strips = [_frames(Path(folder), rows) for folder in folders]
    frames = []
    with watched(N_("making the film"), FRAMES) as advance:
        for share in np.linspace(0, 1, FRAMES):
            picture = _beside([strip[round(share * (len(strip) - 1))] for strip in strips])
            frames.append(Frame(N_("{share:.0%} trained", share=share), _png(picture, 1)))
            advance(1)
    return frames


def _frames(folder: Path, rows: int) -> list[Image.Image]:
    files = [shown["samples"] for shown in history(folder / "pictures").values() if "samples" in shown]
    return [_cut(file, rows) for file in [*files, folder / "samples.png"]]


@st.cache_data(max_entries=20, show_spinner=False)
def _upper(path: str) -> bytes:
    """The first digits of a picture, as many of each, so that pictures beside each other are of one size."""
    with Image.open(path, formats=["PNG"]) as picture:
        return _png(picture.crop((0, 0, _long(COLUMNS), _long(ROWS))))


def _cut(file: Path, rows: int) -> Image.Image:
    with Image.open(file, formats=["PNG"]) as picture:
        return picture.convert("L").crop((0, 0, _long(COLUMNS), _long(rows)))


def _beside(pictures: Sequence[Image.Image]) -> Image.Image:
    wide = Image.new("L", (_long(len(pictures) * COLUMNS), pictures[0].height), 128)
    for place, picture in enumerate(pictures):
        wide.paste(picture, (place * (_long(COLUMNS) + GAP), 0))
    return wide


def _long(digits: int) -> int:
    """Pixels of so many digits with what is between them."""
    return digits * (DIGIT + GAP) - GAP


def _png(picture: Image.Image, scale: int = SHARP) -> bytes:
    return png(enlarged(picture, scale))
