"""The pages of the app, and how every page begins."""

from typing import Any

import streamlit as st

from genmodels.jobs import queue
from genmodels.storage.paths import PROJECT
from genmodels.ui.access.persistence import keep_mirror
from genmodels.ui.shell.session import get_store

ENTERED = "entered"
RUNS = "pages/runs.py"
# Streamlit writes the selected one of a row of segments in the primary colour on a tint of the same, too pale on dark paper.
SEGMENTS = "<style>[data-testid=stButtonGroup] [data-selected] { color: inherit !important; }</style>"
SHARED = {"cgan": "conditional", "infogan": "conditional"}  # the pages of families that have none of their own


def navigate() -> Any:
    """Declare the pages and return the one that the visitor asked for."""
    return st.navigation(
        [
            st.Page("pages/overview.py", title="Overview", default=True),
            st.Page("pages/vae.py", title="Part 1: VAE"),
            st.Page("pages/dcgan.py", title="Part 2: DCGAN"),
            st.Page("pages/conditional.py", title="Part 3: CGAN and InfoGAN"),
            st.Page(RUNS, title="Runs"),
        ]
    )


def enter() -> Any:
    """What the entry script does first: ``navigate``, and let the pages know that they are inside the app."""
    st.session_state[ENTERED] = True
    st.html(SEGMENTS)
    keep_mirror()
    return navigate()


def be_ready() -> None:
    """What it does last, for torch takes a core for seconds and the page should be there before: get ready to train."""
    if not get_store().alive():  # else the next run waits anyway, and loading would slow the present one
        queue.SPARE.keep()


def page_of(family: str) -> str:
    """The page that shows the runs of a family; some are only to be seen in the list of all runs."""
    page = f"pages/{SHARED.get(family, family)}.py"
    return page if (PROJECT / page).exists() else RUNS


def begin(title: str) -> None:
    """Draw the page's title, inside the app.

    Until the first script has declared its pages, Streamlit takes ``pages/`` for its older kind of multipage app and runs
    the page that the address names alone, without ``streamlit_app.py``. Such a visitor's script is run once more.
    """
    if ENTERED not in st.session_state:
        navigate()
        st.rerun()
    st.title(title)
