"""The pages of the app, and how every page begins."""

from typing import Any

import streamlit as st

from genmodels.config.base import Page
from genmodels.config.families import FAMILIES, pages
from genmodels.jobs import queue
from genmodels.language import _
from genmodels.storage.paths import PACKAGE
from genmodels.ui.access.persistence import keep_mirror
from genmodels.ui.components.history_steps import keep_steps
from genmodels.ui.session import arrive, get_store
from genmodels.ui.shell.language import lay_out, listen, speak
from genmodels.ui.shell.link_warning import look_for_unknown_keys

ENTERED = "entered"
RUNS, REPORT = "pages/runs.py", "pages/report.py"
LAYOUT = tuple(PACKAGE / "ui" / "shell" / name for name in ("layout.css", "phone.css"))


def navigate() -> Any:
    """Declare the pages and return the one that the visitor asked for."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title=_("Overview"), default=True),
            *(st.Page(file_of(page), title=_(page.title)) for page in pages()),
            st.Page(RUNS, title=_("Runs")),
            st.Page(REPORT, title=_("Report")),
        ]
    )


def enter() -> Any:
    """What the entry script does first: ``navigate``, and let the pages know that they are inside the app."""
    st.session_state[ENTERED] = True
    for style in LAYOUT:
        st.html(style)
    keep_steps()
    keep_mirror()
    arrive()
    listen()
    look_for_unknown_keys()
    lay_out()
    page = navigate()
    speak()
    return page


def be_ready() -> None:
    """What it does last, for torch takes a core for seconds and the page should be there before: get ready to train."""
    if not get_store().alive():  # else the next run waits anyway, and loading would slow the present one
        queue.SPARE.keep()


def page_of(family: str) -> str:
    """The page that shows the runs of a family; some are only to be seen in the list of all runs."""
    page = FAMILIES[family].page if family in FAMILIES else None
    return file_of(page) if page else RUNS


def file_of(page: Page) -> str:
    """The script of a page, as Streamlit names it."""
    return f"pages/{page.name}.py"


def begin(title: str) -> Any:
    """Draw the page's heading, inside the app; the line that it stands in is returned, for what else belongs there.

    Until the first script has declared its pages, Streamlit takes ``pages/`` for its older kind of multipage app and runs
    the page that the address names alone, without ``streamlit_app.py``. Such a visitor's script is run once more.
    """
    if ENTERED not in st.session_state:
        listen()
        navigate()
        st.rerun()
    head = st.container(
        key="page-head", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    )
    head.title(_(title), width="content", anchor=False)
    return head
