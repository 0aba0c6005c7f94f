"""Several runs on the same images, for as long and with the same seed, to be compared."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.config.base import RunConfig
from genmodels.errors import UserError
from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.ui.access import commands
from genmodels.ui.training.config_form import TITLES
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.times import moment

PERSISTENT: dict[str, Any] = {"persist_state": "session"}


def shared_fields(columns: Sequence[DeltaGenerator], key: str) -> dict[str, Any]:
    """A field a column for the images, the epochs and the seed; what they say, by the names of a config."""
    images, epochs, seed = columns
    return {
        "dataset": images.selectbox(
            _("Images"),
            [name for name in TITLES if name != "folder"],
            format_func=lambda name: _(TITLES[name]),
            key=f"{key}:data",
            **PERSISTENT,
        ),
        "epochs": epochs.number_input(_("Epochs each"), 1, 2000, 5, key=f"{key}:epochs", **PERSISTENT),
        "seed": seed.number_input(_("Seed"), 0, 2**31 - 1, 0, key=f"{key}:seed", **PERSISTENT),
    }


def start_alike(group: str, configs: Mapping[str, RunConfig]) -> list[Run] | None:
    """Start one run after another, each called by its own name, for a narrow place cuts names at their end, and, behind a
    colon, the group and the time.

    None when one was refused, which the page then says; those before it train.
    """
    together = f"{group} {moment(time.time(), '%d %b %H.%M.%S')}"
    started: list[Run] = []
    try:
        for name, config in configs.items():
            started.append(commands.start(config, f"{name}: {together}"))
            # The first may be of the first click of a double click, which others are to be grouped with.
            together = started[0].name.partition(": ")[2] or together
    except (UserError, OSError) as error:
        st.error(_("Not all could be started: {error}", error=plain(error)))
        return None
    return started
