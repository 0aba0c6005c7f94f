"""What no page expects to go wrong, such as a full disk, said in one sentence in the place of what cannot be drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from genmodels.errors import UserError, disk_failed
from genmodels.ui.widgets.text import plain


@contextmanager
def guarded() -> Iterator[None]:
    """Draw the block, or what is wrong with the store, a model, the data or the disk."""
    try:
        yield
    except UserError as error:
        st.error(plain(error))
    except OSError as error:
        st.error(plain(disk_failed(error, "load the page again")))
