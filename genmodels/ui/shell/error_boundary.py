"""What no page expects to go wrong, such as a full disk, said in one sentence in the place of what cannot be drawn."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

from genmodels.errors import UserError, disk_failed
from genmodels.language import N_, _
from genmodels.ui.widgets.text import plain

GONE = N_("What was shown here is no longer there, maybe because somebody deleted it: load the page again.")

_moves: ContextVar[bool] = ContextVar("_moves", default=False)  # whether what is being drawn runs by itself


@contextmanager
def guarded() -> Iterator[None]:
    """Draw the block, or what is wrong with the store, a model, the data or the disk."""
    try:
        yield
    except UserError as error:
        st.error(plain(error))
    except FileNotFoundError:
        st.error(_(GONE))
    except OSError as error:
        st.error(plain(disk_failed(error, N_("load the page again"))))


def fragment(draw: Callable[..., Any], run_every: float | None = None) -> Callable[..., Any]:
    """``draw`` as a fragment, which also runs by itself every so many seconds.

    It runs without the page around it, also long after that, so it needs a guard of its own. What runs by itself has no fragments within
    it, and is another fragment than the same part at rest, for the browser may ask for one more run while the whole page is being drawn:
    of what it has not yet sent of a fragment that runs, Streamlit sends the fragments within it alone, and before what they belong into,
    which leaves the browser with an empty page.
    """
    safe = guarded()(draw)

    @functools.wraps(safe)
    def moving(*arguments: Any) -> Any:
        outside = _moves.set(True)
        try:
            return safe(*arguments)
        finally:
            _moves.reset(outside)

    moving.__qualname__ += " (moves)"  # by which, and by the place, Streamlit tells fragments apart

    @functools.wraps(draw)
    def part(*arguments: Any) -> Any:
        if _moves.get():
            return safe(*arguments)
        return st.fragment(safe if run_every is None else moving, run_every=run_every)(*arguments)

    return part
