"""How far something long is, on a page."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import streamlit as st

from genmodels.language import _
from genmodels.storage.progress import DELAY, Advance, shown_by


def duration(seconds: float) -> str:
    """3725 -> ``1 h 2 min``."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return _("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    return _("{minutes} min {rest} s", minutes=minutes, rest=rest) if minutes else _("{rest} s", rest=rest)


def working() -> AbstractContextManager[None]:
    """For a block in which the page shows how far long things are, and how long they will yet take, here."""
    return shown_by(_bar)


@contextmanager
def _bar(what: str, total: int, unit: str) -> Iterator[Advance]:
    place, began, done = st.empty(), time.monotonic(), 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        spent = time.monotonic() - began
        if spent >= DELAY:
            left = duration(spent * (total - done) / done)
            place.progress(
                min(1.0, done / total),
                _(
                    "{what}: {done:,} of {total:,} {unit}, about {left} left",
                    what=_(what),
                    done=done,
                    total=total,
                    unit=_(unit),
                    left=left,
                ),
            )

    try:
        yield advance
    finally:
        place.empty()
