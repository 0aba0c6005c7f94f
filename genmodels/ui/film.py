"""The training as a film: the samples of the same noise, from the first preview to the last."""

from pathlib import Path

import streamlit as st
from PIL import Image

from genmodels.store import Run
from genmodels.ui.gallery import history
from genmodels.ui.state import get_store
from genmodels.walks import gif

SECONDS, MOST_FRAMES = 8.0, 120


def film(run: Run) -> None:
    """A button that makes the film, then the film itself, to be kept."""
    folder = get_store().folder(run.id) / "pictures"
    files = [str(files["samples"]) for files in history(folder).values() if "samples" in files]
    if len(files) < 2:
        st.info("A film needs two previews or more: let it train for another epoch.")
        return
    if st.button("Make the film", icon=":material/movie:"):
        st.session_state[f"{run.id}:film"] = files
    chosen = st.session_state.get(f"{run.id}:film")
    if chosen:
        made = _make(tuple(chosen))
        st.image(made, caption=f"{len(chosen)} previews of the same noise", alt="Film of the training")
        st.download_button("Download", made, f"{run.id}.gif", "image/gif", icon=":material/download:")


@st.cache_data(max_entries=8, show_spinner="Making the film…")
def _make(files: tuple[str, ...]) -> bytes:
    step = -(-len(files) // MOST_FRAMES)
    kept = [*files[:-1:step], files[-1]]
    return gif([Image.open(Path(file)).copy() for file in kept], SECONDS)
