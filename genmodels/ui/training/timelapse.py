"""The training as a film: the samples of the same noise, from the first preview to the last."""

from pathlib import Path

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from genmodels.language import _
from genmodels.latent.interpolation import gif
from genmodels.storage.image_grid import enlarged, png, read
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.training.run_panel import steps_per_epoch
from genmodels.ui.widgets.images import history

SECONDS, MOST_FRAMES = 8.0, 60
WIDTH = 560  # pixels that a frame of the file is enlarged to at most
LINE, TEXT = 26, 16  # height of the line below a frame, and of the letters in it

Files = tuple[tuple[str, str], ...]  # (text, file), the first preview first


def timelapse(entry: Entry) -> None:
    """The film of a run or a pretrained model, to be played, and to be kept."""
    pictures = history(loading.folder(entry) / "pictures")
    files = {step: str(shown["samples"]) for step, shown in pictures.items() if "samples" in shown}
    if len(files) < 2:
        st.info(_("A film needs two previews or more: let the run train for another epoch, or choose another one."))
        return
    one = steps_per_epoch(entry)
    name = loading.folder(entry).name
    shown = _thinned(tuple((_("epoch {epoch:g}", epoch=round(step / one, 1)), file) for step, file in files.items()))
    film_player(_frames(shown), key=f"film:{name}", name=_("Film of {name}", name=name), seconds=SECONDS)
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


def _thinned(files: Files) -> Files:
    """As many as one film has, the last always among them."""
    step = -(-len(files) // MOST_FRAMES)
    return (*files[:-1:step], files[-1])


@st.cache_data(max_entries=8, show_spinner=False)
def _frames(files: Files) -> list[Frame]:
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
