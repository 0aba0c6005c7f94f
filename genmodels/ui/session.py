"""What all pages share: the run store, and which run each page shows."""

import time
from pathlib import Path

import streamlit as st

from genmodels.runs.store import Store
from genmodels.storage.paths import home

CHANGED = "run:changed"  # what was in the address when a page last changed it, and when the script that did had ended, if it has
ON_ITS_WAY = 2.0  # seconds from then on in which a browser may not have the new address yet


def get_store() -> Store:
    """The run store, opened once for all visitors."""
    return _open(home())


@st.cache_resource(show_spinner=False)
def _open(root: Path) -> Store:
    return Store(root)


def asked_for() -> str:
    """The run or pretrained model in the address.

    Not what a page has just replaced there: the browser sent that before it had the new address, say with the size of a chart
    that was being drawn when one pressed, and nobody asked for it.
    """
    asked = st.query_params.get("run", "")
    before, when = st.session_state.get(CHANGED, ("", 0.0))
    if asked and asked == before and (when is None or time.monotonic() - when < ON_ITS_WAY):
        del st.query_params["run"]
        return ""
    return asked


def ask_for(name: str | None) -> None:
    """Put a run or pretrained model, or none, into the address."""
    st.session_state[CHANGED] = (st.query_params.get("run", ""), None)
    _write("run", name or "")


def heard(key: str) -> str | None:
    """What the address says anew under ``key``, as by a link or a step back, empty where it has nothing there any more; None
    where it says what a page wrote there.

    Nor what a page has just replaced there, as in ``asked_for``: that is put right.
    """
    asked = st.query_params.get(key, "")
    before, written, when = st.session_state.get(f"address:{key}", ("", "", -ON_ITS_WAY))
    if asked != written and asked == before and time.monotonic() - when < ON_ITS_WAY:
        _write(key, written)
        return None
    return asked if asked != written else None


def tell(key: str, value: str) -> None:
    """Have the address say ``value`` under ``key``, or nothing where it is empty."""
    before = st.query_params.get(key, "")
    if before != value:
        _write(key, value)
        st.session_state[f"address:{key}"] = (before, value, time.monotonic())
    elif st.session_state.get(f"address:{key}", ("", "", 0.0))[1] != value:
        st.session_state[f"address:{key}"] = (value, value, 0.0)


def _write(key: str, value: str) -> None:
    if value:
        st.query_params[key] = value
    else:
        st.query_params.pop(key, None)


def settle() -> None:
    """A script has come to its end: what the browser sent while it ran is heard now, and what it sends next has the new address."""
    before, when = st.session_state.get(CHANGED, ("", 0.0))
    if when is None:
        st.session_state[CHANGED] = (before, time.monotonic())


def selected(family: str) -> str | None:
    """The run or pretrained model that the visitor chose on a family's page: by the address, or earlier in this session."""
    return asked_for() or st.session_state.get(f"{family}:selected")


def remember(family: str, name: str) -> None:
    """Show ``name`` when one comes to the family's page, unless the address names another."""
    st.session_state[f"{family}:selected"] = name


def select(family: str, name: str) -> None:
    """Show ``name`` on the family's page, where one is, also after a reload and when one comes back to the page."""
    remember(family, name)
    ask_for(name)
