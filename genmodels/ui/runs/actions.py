"""What one can do with a run on the page of all runs."""

import io
from collections.abc import Sequence

import streamlit as st

from genmodels.config.families import understood
from genmodels.data.folder_check import ELSEWHERE
from genmodels.errors import UserError, disk_failed
from genmodels.jobs.hub_mirror import repository
from genmodels.language import N_, _
from genmodels.runs.archive import pack
from genmodels.runs.store import Run
from genmodels.ui.access import commands
from genmodels.ui.access.permission import why_not
from genmodels.ui.models.evaluation import run_scores
from genmodels.ui.models.model_picker import title
from genmodels.ui.runs.description import REFUSED, describe, words
from genmodels.ui.runs.export import export_buttons
from genmodels.ui.runs.images_folder import images_folder
from genmodels.ui.runs.table import TICK
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.shell.navigation import RUNS, page_of
from genmodels.ui.training.next_run import next_run
from genmodels.ui.training.rows import rows_of
from genmodels.ui.training.run_panel import header, messages
from genmodels.ui.widgets.text import plain


def actions(run: Run) -> None:
    """Draw them for one run."""
    st.subheader(plain(title(run)))
    try:
        understood(run.config, run.name)
    except UserError as error:
        known = False
        st.info(plain(error))
    else:
        known = True
        refresh_every(_progress, TICK if run.alive else None)(run.id, run.alive)
    with st.container(horizontal=True, vertical_alignment="center"):
        page = page_of(run.config["family"])
        if known and page != RUNS:
            icon = ":material/open_in_new:"
            st.page_link(page, label=_("Open its page"), icon=icon, query_params={"run": run.id})
        label, icon = (_("Unpin"), ":material/keep_off:") if run.pinned else (_("Pin"), ":material/keep:")
        why = why_not(run)
        about = why or _("Pinned runs come first, and no disk quota takes them.")
        if st.button(label, icon=icon, key=f"{run.id}:pin", help=about, disabled=why is not None):
            describe(run.id, pinned=not run.pinned)
            st.rerun()
        st.download_button(
            _("Download as zip"),
            lambda: _zip(run.id),
            f"{run.id}.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
            key=f"{run.id}:zip",
            help=_("Everything: settings, checkpoints, curves, pictures, log. Import it here or on another machine."),
        )
        export_buttons([run])
        delete_button([run])
    words(run)
    if run.config.get("folder", "").startswith(ELSEWHERE):
        images_folder(run)


def _progress(run_id: str, was_alive: bool) -> None:
    store = get_store()
    run = store.get(run_id)
    if run is None or run.alive != was_alive:
        st.rerun()
    with header(run):
        next_run(run, leads_away=True)
    run_scores(run)
    messages(run, rows_of(run), store.events(run.id), leads_away=True)


def _zip(run_id: str) -> io.BytesIO:
    """Made when the button is pressed, and not before."""
    buffer = io.BytesIO()
    pack(get_store(), run_id, buffer)
    return buffer


def delete_button(runs: Sequence[Run]) -> None:
    """Delete one run or several, after a question."""
    alive = any(run.alive for run in runs)
    label = _("Delete") if len(runs) == 1 else _("Delete these {n} runs", n=len(runs))
    why = _("What is under way must be stopped first.") if alive else None
    why = next(filter(None, map(why_not, runs)), why)
    if st.button(label, icon=":material/delete:", disabled=why is not None, help=why, key="runs:delete"):
        st.dialog(_("Delete for good?"), icon=":material/delete:")(guarded()(_ask_to_delete))(runs)
    if refused := st.session_state.pop(REFUSED, None):
        st.error(plain(refused))


def _ask_to_delete(runs: Sequence[Run]) -> None:
    st.markdown("\n".join(f"- **{plain(title(run))}**" for run in runs))
    copy = _(", and the copy in {repository}", repository=repository()) if repository() else ""
    st.markdown(
        _(
            "Checkpoints, curves and pictures go too{copy}. Only a zip that you have downloaded brings them back.",
            copy=copy,
        )
    )
    with st.container(horizontal=True):
        ids = [run.id for run in runs]
        sure = st.button(
            _("Delete"), type="primary", icon=":material/delete:", key="runs:sure", on_click=_delete, args=(ids,)
        )
        if st.button(_("Keep"), key="runs:keep") or sure:
            st.rerun()  # which closes the question


def _delete(ids: Sequence[str]) -> None:
    try:
        commands.delete(ids)
    except UserError as error:
        st.session_state[REFUSED] = error.args[0]  # which says what is there still
    except OSError as error:
        st.session_state[REFUSED] = disk_failed(error, N_("delete it again"))
