"""What all pages share: the run store, the address, and which run each page shows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from genmodels.runs.store import Store
from genmodels.storage.paths import home

RUN = "run"  # of the run, or pretrained model, in the address
WRITTEN = "address:written"  # what the pages have written into the address, by its key
ON_ITS_WAY = 2.0  # seconds after a script's end in which a browser may not have the new address yet


@dataclass(frozen=True)
class Written:
    """What the address of ``page`` said before, what a page has written there, and when the script that did had ended, if it has."""

    page: str
    before: Sequence[str]
    values: Sequence[str]
    ended: float | None = None


def get_store() -> Store:
    """The run store, opened once for all visitors."""
    return _open(home())


@st.cache_resource(show_spinner=False)
def _open(root: Path) -> Store:
    return Store(root)


def stepped() -> bool:
    """Whether the visitor came by a step back or forward in their browser's history: what its address lacks was not chosen then."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def address(key: str) -> list[str]:
    """What the address says under ``key``.

    Not what a page has just replaced there: the browser sent that before it had the new address, say with the size of a chart
    that was being drawn when one pressed, and nobody asked for it. That is put right.
    """
    asked, written = st.query_params.get_all(key), _written(key)
    if written is None or asked == written.values or asked != written.before or stepped():
        return asked
    if written.ended is not None and time.monotonic() - written.ended > ON_ITS_WAY:
        return asked  # a link
    _write(key, written.values)
    return list(written.values)


def heard(key: str) -> str | None:
    """What the address says anew under ``key``, as by a link or a step back, empty where it has nothing there any more; None
    where it says what a page wrote there."""
    asked = all_heard(key)
    return None if asked is None else next(reversed(asked), "")


def all_heard(key: str) -> list[str] | None:
    """As ``heard``, where a key may stand more than once."""
    asked, written = address(key), _written(key)
    return asked if written is None or asked != written.values else None


def tell(key: str, *values: str) -> None:
    """Have the address say ``values`` under ``key``, or nothing where they are empty."""
    asked, written, told = st.query_params.get_all(key), _written(key), [*filter(None, values)]
    if written is not None and asked == told == written.values:
        return
    before = asked if written is None or written.ended is not None else written.before
    st.session_state[WRITTEN] = _all_written() | {key: Written(_page(), before, told)}
    if asked != told or (
        written is not None and not stepped()
    ):  # a link to the same page Streamlit does not tell the browser
        _write(key, told)


def _write(key: str, values: Sequence[str]) -> None:
    if values:
        st.query_params[key] = values[0] if len(values) == 1 else values
    else:
        st.query_params.pop(key, None)


def arrive() -> None:
    """A script begins: after a step in the history nothing is on its way, also where the script is broken off and begins again,
    which knows of no step any more."""
    if stepped():
        st.session_state[WRITTEN] = {}


def settle() -> None:
    """A script has come to its end: what the browser sent while it ran is heard now, and what it sends next has the new address."""
    now = time.monotonic()
    st.session_state[WRITTEN] = {
        key: replace(written, ended=now) if written.ended is None else written
        for key, written in _all_written().items()
    }


def _all_written() -> dict[str, Written]:
    found: dict[str, Written] = st.session_state.get(WRITTEN, {})
    return found


def _written(key: str) -> Written | None:
    """On this page: what was written on the one before was for that alone."""
    written = _all_written().get(key)
    return written if written is not None and written.page == _page() else None


def _page() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.page_script_hash if context is not None else ""


def asked_for() -> str:
    """The run or pretrained model in the address."""
    return next(reversed(address(RUN)), "")


def selected(family: str) -> str | None:
    """The run or pretrained model that the visitor chose on a family's page: by the address, or earlier in this session."""
    return asked_for() or st.session_state.get(f"{family}:selected")


def remember(family: str, name: str) -> None:
    """Show ``name`` when one comes to the family's page, unless the address names another."""
    st.session_state[f"{family}:selected"] = name


def select(family: str, name: str) -> None:
    """Show ``name`` on the family's page, where one is, also after a reload and when one comes back to the page."""
    remember(family, name)
    tell(RUN, name)
