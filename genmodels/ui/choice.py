"""Which run or shipped model a family's page is about."""

import time

import streamlit as st

from genmodels.shipped import Shipped, shipped
from genmodels.store import Run
from genmodels.ui.state import get_store, select, selected

Entry = Run | Shipped


def choose(family: str) -> Entry | None:
    """Draw the list of the family's runs and shipped models, and return the chosen one, or None when there are none."""
    runs = {run.id: run for run in get_store().runs() if run.config["family"] == family}
    entries: dict[str, Entry] = runs | {model.name: model for model in shipped(family)}
    if not entries:
        st.info("No run yet: press Start training.")
        return None
    name = selected(family)
    if name not in entries:
        name = next((run.id for run in runs.values() if run.alive), next(iter(entries)))
    key = f"{family}:choice"
    st.session_state[key] = name
    st.selectbox(
        "Run or shipped model",
        list(entries),
        format_func=lambda name: title(entries[name]),
        key=key,
        on_change=lambda: select(family, st.session_state[key]),
    )
    return entries[name]


def title(entry: Entry) -> str:
    """How lists call a run or a shipped model."""
    if isinstance(entry, Shipped):
        return f"Shipped: {entry.card['title']} ({entry.name})"
    started = time.strftime("%d %b %H:%M:%S", time.localtime(entry.created))
    return f"{entry.name}, {started} ({entry.id.rpartition('-')[2]})"
