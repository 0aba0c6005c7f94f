"""A trained model to take away as a web page, which draws in the reader's browser and needs no server."""

import streamlit as st

from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.ui.models import loading
from genmodels.ui.models.export_code import can_be_taken
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import get_store
from genmodels.ui.widgets.text import plain

KEY = "web-page"  # whose identity is that of the weights whose page this session has made last
MOST_PAGES = 4  # kept in memory for all visitors, 11 MB each at most of the pretrained models
ABOUT = N_(
    "The model as one file, or a zip of a folder where that would be large: sliders, samples, curves, in English and Persian. It opens by a "
    "double click or on any server of files, such as GitHub Pages, without Python and without a network."
)


def page_button(entry: Entry) -> None:
    """Draw the button that makes the page, and the one that downloads it when it is there."""
    if not can_be_taken(entry):
        return
    name = loading.folder(entry).name
    pressed = st.button(_("Make a web page"), icon=":material/public:", key=f"{name}:web-page", help=_(ABOUT))
    try:
        identity = loading.identity(entry)
        if not pressed and st.session_state.get(KEY) != identity:
            return
        with st.spinner(_("Making the web page, which takes half a minute…"), show_time=True):
            file, data = _page(identity, entry)
    except (UserError, OSError) as error:
        st.error(plain(error))
        return
    st.session_state[KEY] = identity
    kind = "text/html" if file.endswith(".html") else "application/zip"
    st.download_button(
        _("Download {file} ({size:.1f} MB)", file=file, size=len(data) / 1e6), data, file, kind, on_click="ignore", icon=":material/download:",
        key=f"{name}:web-page:download",
    )  # fmt: skip


# For all visitors, and for the second press of a double click, which waits for the first.
@st.cache_data(max_entries=MOST_PAGES, show_spinner=False)
def _page(identity: loading.Identity, _entry: Entry) -> tuple[str, bytes]:
    """The name and the bytes of the page; ``identity`` tells one model from another."""
    from genmodels.export.report.sources import source
    from genmodels.export.web.write import download  # loads torch

    return download(source(get_store(), loading.folder(_entry).name), loading.model(_entry))
