"""Pictures of a run, with a slider over its history."""

from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.storage.image_grid import data_url, enlarged, grid, png, read

Width = Literal["content", "stretch"]
WIDEST = 4096  # screen pixels that a picture is enlarged to
NEWEST: str = N_("newest")  # of the pictures of a run
ENLARGED = 3  # whole screen pixels for one of the image, so that nothing is blurred


def history(folder: Path) -> dict[int, dict[str, Path]]:
    """Step -> picture name -> file, oldest first."""
    found: dict[int, dict[str, Path]] = {}
    for path in sorted(folder.glob("*-*.png")):
        name, _, step = path.stem.rpartition("-")
        found.setdefault(int(step), {})[name] = path
    return dict(sorted(found.items()))


def gallery(pictures: dict[int, dict[str, Path]], captions: dict[str, str], steps_per_epoch: float, key: str) -> None:
    """The pictures of one moment side by side; the slider follows the newest until one moves it back."""
    if not pictures:
        st.caption(_("Pictures come at the first preview."))
        return
    *earlier, newest = pictures
    # Its right end is the newest, whichever that is: so nothing moves the slider but a hand, and a browser that has not heard of
    # the newest yet asks for no other.
    moments: dict[str, int] = {N_("epoch {epoch:.4g}", epoch=step / steps_per_epoch): step for step in earlier}
    moments |= {NEWEST: newest}
    place, chosen = st.container(), NEWEST
    if earlier:
        with st.container(key=f"moments-{key}"):
            chosen = st.select_slider(
                _("Training history"),
                list(moments),
                value=NEWEST,
                format_func=_,
                key=f"{key}:moment",
                help=_("Move it back to see earlier pictures; at the right end it follows the training."),
            )
    with place:
        show({name: str(path) for name, path in pictures[moments[chosen]].items()}, captions)


def show(files: dict[str, str], captions: dict[str, str]) -> None:
    """Pictures by name, each with its caption, in the captions' order."""
    shown = [name for name in captions if name in files]
    with st.container(key="beside-pictures"):
        for column, name in zip(st.columns(max(1, len(shown))), shown, strict=False):
            with column, st.container(gap="xxsmall"):
                show_enlarged(files[name], _(captions[name]))
                st.caption(_(captions[name]))


def show_enlarged(file: str, alt: str) -> None:
    """A picture, as wide as its place."""
    still(_enlarged(file), alt)


def still(file: bytes, alt: str, width: int | Width = "stretch") -> None:
    """A picture of the bytes of a PNG file, within the message: what a browser fetches would be gone when the next one comes before it
    asks."""
    st.image(data_url(file), width=width, alt=alt)


@st.cache_data(max_entries=200, show_spinner=False)
def _enlarged(path: str) -> bytes:
    picture = read(Path(path))
    return png(enlarged(picture, min(ENLARGED, max(1, WIDEST // picture.width))))


def at_most(pictures: np.ndarray, side: int) -> int:
    """The ``scale`` that makes pictures (..., H, W) at most ``side`` screen pixels wide, if they are not wider as they are."""
    return max(1, side // pictures.shape[-1])


def about(pictures: np.ndarray, side: int) -> int:
    """The ``scale`` that brings the width of pictures (..., H, W) nearest to ``side`` screen pixels."""
    return max(1, round(side / pictures.shape[-1]))


def strip(
    images: np.ndarray, alt: str, columns: int | None = None, scale: int = ENLARGED, width: Width = "content"
) -> None:
    """One picture of uint8 images (N, C, H, W), in rows of ``columns``, each pixel ``scale`` screen pixels wide, or the whole as wide
    as its place is."""
    columns = columns or len(images)
    still(png(enlarged(grid(images, columns), scale)), alt, width)
