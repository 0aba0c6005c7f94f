"""The tabs of a family's page: in the address, and only the open one is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from genmodels.ui.choice import Entry

Draw = Callable[[], object]


def tabs(parts: Mapping[str, Draw]) -> None:
    """Draw the open one of the tabs, by their titles."""
    for tab, draw in zip(st.tabs(list(parts), key="tab", bind="query-params"), parts.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def of(entry: Entry | None, draw: Callable[[Entry], object]) -> Draw:
    """What draws ``entry``; nothing when there is none."""
    return lambda: None if entry is None else draw(entry)
