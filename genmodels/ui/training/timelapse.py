"""The training as a film: the samples of the same noise, from the first preview to the last."""

from pathlib import Path

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from genmodels.latent.interpolation import gif
from genmodels.storage.image_grid import enlarged, read
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.training.run_panel import steps_per_epoch
from genmodels.ui.widgets.images import history

SECONDS, MOST_FRAMES = 8.0, 60
WIDTH = 560  # pixels that a frame is enlarged to at most
LINE, TEXT = 26, 16  # height of the line below a frame, and of the letters in it


def timelapse(entry: Entry) -> None:
    """The film of a run or a pretrained model, which plays at once, to be kept."""
    pictures = history(loading.folder(entry) / "pictures")
    files = {step: str(shown["samples"]) for step, shown in pictures.items() if "samples" in shown}
    if len(files) < 2:
        st.info("A film needs two previews or more: let the run train for another epoch, or choose another one.")
        return
    one = steps_per_epoch(entry)
    name = loading.folder(entry).name
    made = _make(tuple((f"epoch {round(step / one, 1):g}", file) for step, file in files.items()))
    st.image(made, caption="Previews of the same noise, from the first to the last", alt=f"Film of {name}")
    st.download_button("Download", made, f"{name}.gif", "image/gif", icon=":material/download:")


@st.cache_data(max_entries=8, show_spinner="Making the film…")
def _make(frames: tuple[tuple[str, str], ...]) -> bytes:
    """The film of (text, file) after file, or of as many as one film has, the last always among them."""
    step = -(-len(frames) // MOST_FRAMES)
    return gif([_frame(text, Path(file)) for text, file in [*frames[:-1:step], frames[-1]]], SECONDS)


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
