"""The training as a film: the samples of the same noise, from the first preview to the last."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from genmodels.language import _
from genmodels.latent.interpolation import gif
from genmodels.storage.image_grid import enlarged, png, read
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.training.film_curves import film_curves
from genmodels.ui.training.run_panel import steps_per_epoch
from genmodels.ui.widgets.images import history

SECONDS, MOST_FRAMES = 8.0, 60
WIDTH = 560  # pixels that a frame of the file is enlarged to at most
LINE, TEXT = 26, 16  # height of the line below a frame, and of the letters in it

COLUMNS = (3, 2)  # widths of the film and of the curves

Files = tuple[tuple[str, str], ...]  # (text, file), the first preview first
Step = TypeVar("Step")


def timelapse(entry: Entry) -> None:
    """The film of a run or a pretrained model, to be played, and to be kept, beside its curves."""
    pictures = samples(entry)
    if len(pictures) < 2:
        st.info(_("A film needs two previews or more: let the run train for another epoch, or choose another one."))
        return
    name = loading.folder(entry).name
    film, steps = f"film:{name}", thinned(list(pictures))
    at = epochs(entry, steps)
    shown = with_epochs(pictures, steps, at)
    left, right = st.columns(COLUMNS, gap="medium")
    with left:
        film_player(
            frames(shown), key=film, name=_("Film of {name}", name=name), seconds=SECONDS, film=film, at=at
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                _("Download"),
                lambda: _make(shown),
                f"{name}.gif",
                "image/gif",
                on_click="ignore",
                icon=":material/download:",
            )
            st.caption(_("Previews of the same noise, from the first to the last."), width="content")
    with right:
        film_curves(entry, film)


def samples(entry: Entry) -> dict[int, str]:
    """The picture of samples at each preview, by its step, the first one first."""
    pictures = history(loading.folder(entry) / "pictures")
    return {step: str(shown["samples"]) for step, shown in pictures.items() if "samples" in shown}


def with_epochs(pictures: Mapping[int, str], steps: Sequence[int], at: Sequence[float]) -> Files:
    """Those of the ``pictures`` that are of these steps, each with its epoch ``at`` that step."""
    return tuple(
        (_("epoch {epoch:g}", epoch=round(epoch, 1)), pictures[step]) for step, epoch in zip(steps, at, strict=True)
    )


def epochs(entry: Entry, steps: Sequence[int]) -> list[float]:
    """How many epochs were trained by each step."""
    one = steps_per_epoch(entry)
    return [step / one for step in steps]


def thinned(moments: Sequence[Step]) -> list[Step]:
    """As many as one film has, the last always among them."""
    distance = -(-len(moments) // MOST_FRAMES)
    return [*moments[:-1:distance], moments[-1]]


@st.cache_data(max_entries=8, show_spinner=False)
def frames(files: Files) -> list[Frame]:
    """What a film player is given."""
    return [Frame(text, _png(Path(file))) for text, file in files]


def _png(file: Path) -> bytes:
    """Written anew: what stands in a file may come from anywhere."""
    return png(read(file))


@st.cache_data(max_entries=8, show_spinner=False)
def _make(files: Files) -> bytes:
    """The film as a GIF."""
    return gif([_frame(text, Path(file)) for text, file in files], SECONDS)


def _frame(text: str, file: Path) -> Image.Image:
    """A picture, enlarged, over a line that says when it was."""
    small = read(file)
    picture = enlarged(small, max(1, WIDTH // small.width))
    frame = Image.new(picture.mode, (picture.width, picture.height + LINE))
    frame.paste(picture)
    centre = (picture.width / 2, picture.height + LINE / 2)
    ImageDraw.Draw(frame).text(centre, text, "white", ImageFont.load_default(TEXT), anchor="mm")
    if frame.mode == "L":
        return frame
    # The default way of choosing 256 colours takes ten times as long.
    return frame.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
