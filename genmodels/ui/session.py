"""What all pages share: the run store, and which run each page shows."""

from pathlib import Path

import streamlit as st

from genmodels.runs.store import Store
from genmodels.storage.paths import home


def get_store() -> Store:
    """The run store, opened once for all visitors."""
    return _open(home())


@st.cache_resource(show_spinner=False)
def _open(root: Path) -> Store:
    return Store(root)


def selected(family: str) -> str | None:
    """The run or pretrained model that the visitor chose on a family's page: by the address, or earlier in this session."""
    return st.query_params.get("run") or st.session_state.get(f"{family}:selected")


def remember(family: str, name: str) -> None:
    """Show ``name`` when one comes to the family's page, unless the address names another."""
    st.session_state[f"{family}:selected"] = name


def select(family: str, name: str) -> None:
    """Show ``name`` on the family's page, where one is, also after a reload and when one comes back to the page."""
    remember(family, name)
    st.query_params["run"] = name
