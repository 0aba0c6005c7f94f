"""Parts of a page that look again by themselves: often for a few viewers, and seldom for many, so that training goes on."""

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from genmodels.machine import cores
from genmodels.ui.shell.error_boundary import fragment

COST = 0.02  # seconds of a core that a look takes the server where others look too: see `python -m benchmarks viewers`
SHARE = 0.065  # of the machine that all looks together may take; training on all cores slows by twice that and more
IDLE = 30.0  # seconds between two looks of a tab that shows nothing that moves; it is not counted as a viewer
AWAY = 2.5  # times the longest pace without a look, and a viewer has gone


class Crowd:
    """Who looks at something that moves, by session, and how seldom each may look. Safe to use from any thread."""

    def __init__(self, cores: int, now: Callable[[], float] = time.monotonic) -> None:
        self.cores, self.now = cores, now
        self.seen: dict[str, float] = {}  # session -> until when it counts
        self._guard = threading.Lock()

    def pace(self, session: str, least: float) -> float:
        """Note a look; the seconds until the next one of every viewer, ``least`` for few."""
        with self._guard:
            now = self.now()
            self.seen = {other: until for other, until in self.seen.items() if until > now}
            self.seen.setdefault(session, now)
            seconds = max(least, len(self.seen) * COST / (SHARE * self.cores))
            self.seen[session] = now + AWAY * max(seconds, 2.0)
            return seconds


@st.cache_resource(show_spinner=False)
def _crowd() -> Crowd:
    return Crowd(cores())


def refresh_every(draw: Callable[..., Any], least: float | None) -> Callable[..., Any]:
    """``draw`` as a fragment that is drawn again every ``least`` seconds, or more seldom among many viewers; None: never.

    What looks as seldom as ``IDLE`` is no viewer, and is made to wait for none.
    """
    if least is None or least >= IDLE:
        return fragment(draw, run_every=least)
    pace = _pace(least)

    @functools.wraps(draw)
    def looking(*arguments: Any) -> Any:
        now = _pace(least)
        if not 0.5 < now / pace < 2:  # many have come or gone: the whole page sets another pace
            st.rerun()
        return draw(*arguments)

    return fragment(looking, run_every=pace)


def _pace(least: float) -> float:
    context = get_script_run_ctx()
    return _crowd().pace(context.session_id if context else "", least)
