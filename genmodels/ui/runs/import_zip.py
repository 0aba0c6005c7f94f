"""Bring a run in from a zip."""

import streamlit as st

from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.ui.access import commands, permission
from genmodels.ui.models.model_picker import title
from genmodels.ui.runs.table import select_runs
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.uploads import let_go

UPLOADS = "import:uploads"  # how many there were; the next one starts with an empty field
REFUSED, ARRIVED = "import:refused", "import:arrived"


def run_import() -> None:
    """Draw the field for the zip; a run that has arrived is selected."""
    uploads = st.session_state.setdefault(UPLOADS, 0)
    with st.popover(_("Import a run"), icon=":material/upload:", width="content"):
        if not permission.ask():
            return
        file = st.file_uploader(_("Zip of a run, as downloaded on this page"), "zip", key=f"import:file:{uploads}")
        if file is not None:
            st.session_state[UPLOADS] += 1
            try:
                with st.spinner(_("Checking and unpacking…")):
                    run = commands.import_run(file)
            except UserError as error:
                st.session_state[REFUSED] = N_("{file}: {error}", file=file.name, error=error)
            else:
                select_runs([run.id])
                st.session_state[ARRIVED] = title(run)
            finally:
                let_go(file)
            st.rerun()


def import_outcome() -> None:
    """Say what became of the last zip: that the run is here, or why it was refused."""
    if refused := st.session_state.pop(REFUSED, None):
        st.error(plain(refused))
    if arrived := st.session_state.pop(ARRIVED, None):
        st.toast(_("{arrived} is here.", arrived=plain(arrived)), icon=":material/check:")
