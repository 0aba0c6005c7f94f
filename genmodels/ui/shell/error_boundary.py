"""What no page expects to go wrong, such as a full disk, said in one sentence in the place of what cannot be drawn."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from genmodels.errors import UserError, disk_failed
from genmodels.language import N_, _
from genmodels.ui.widgets.text import plain

GONE = N_("What was shown here is no longer there, maybe because somebody deleted it: load the page again.")


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

    It runs without the page around it, also long after that, so it needs a guard of its own.
    """
    return st.fragment(guarded()(draw), run_every=run_every)
