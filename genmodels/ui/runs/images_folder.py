"""Where on this machine the images of an imported run are, as far as its owner says so."""

import streamlit as st

from genmodels.errors import UserError
from genmodels.language import _
from genmodels.runs.run import Run
from genmodels.ui.access import commands, permission
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain


def images_folder(run: Run) -> None:
    """Draw the field that points an imported run to a folder; nothing for those who may not change it, or where none is read."""
    if permission.why_not(run) is not None or not permission.own_images():
        return
    with st.form(f"{run.id}:images", border=True):
        st.caption(
            _("This run was trained on images that stay where it comes from, so it can be looked at, but not resumed.")
        )
        named, button = st.columns([4, 1], vertical_alignment="bottom")
        folder = named.text_input(_("Folder of the same images on this machine"), key=f"{run.id}:folder")
        if (
            not button.form_submit_button(_("Use this folder"), icon=":material/folder_open:", width="stretch")
            or not folder
        ):
            return
        try:
            with st.spinner(_("Looking at every image…")), working():
                commands.point(run.id, folder)
        except UserError as error:
            st.error(plain(error))
            return
    st.rerun()
