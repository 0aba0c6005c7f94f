"""Several runs on the same images, for as long and with the same seed, to be compared."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.config.base import RunConfig
from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.runs.groups import Group, Kind
from genmodels.runs.names import CALLED, TOGETHER
from genmodels.runs.store import Run
from genmodels.ui.access import commands
from genmodels.ui.session import get_store
from genmodels.ui.training.config_form import TITLES
from genmodels.ui.widgets.bounded import whole_number
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.times import moment_told


def shared_fields(columns: Sequence[DeltaGenerator], key: str) -> dict[str, Any]:
    """A field a column for the images, the epochs and the seed; what they say, by the names of a config."""
    images, epochs, seed = columns
    with epochs:
        passes = whole_number(_("Epochs each"), 1, 2000, 5, key=f"{key}:epochs")
    with seed:
        first = whole_number(_("Seed"), 0, 2**31 - 1, 0, key=f"{key}:seed")
    return {
        "dataset": images.selectbox(
            _("Images"),
            [name for name in TITLES if name != "folder"],
            format_func=lambda name: _(TITLES[name]),
            key=f"{key}:data",
            persist_state="session",
        ),
        "epochs": passes,
        "seed": first,
    }


def start_alike(kind: Kind, configs: Mapping[str, RunConfig]) -> list[Run] | None:
    """Start runs as one group, each called by its own name, for a narrow place cuts names at their end, and, behind a colon, the
    group's, with a number that none has yet; None when they were refused, which the page then says."""
    try:
        taken = {run.name for run in get_store().runs()}
        ends = (f": {CALLED[kind]} {number}" for number in count(1))  # in English, as all that is stored
        free = next(end for end in ends if not any(name + end in taken for name in configs))
        return commands.start_group({name + free: config for name, config in configs.items()}, kind)
    except (UserError, OSError) as error:
        st.error(_("They could not be started: {error}", error=plain(error)))
        return None


def titles(groups: Sequence[Group]) -> dict[str, str]:
    """What a list calls groups of runs that were started to be compared, by their keys: by when that was, and no two the same."""
    called = {group.key: _titled(group) for group in groups}
    times = Counter(called.values())
    ends = {group.key: f" ({group.id.rpartition('-')[2]})" for group in groups}
    return {key: title + ends[key] * (times[title] > 1) for key, title in called.items()}


def _titled(group: Group) -> str:
    kind, time = N_(CALLED[group.kind]), moment_told(group.created, "d MMM HH:mm:ss")
    numbered = TOGETHER.search(
        group.runs[0].name
    )  # earlier versions had the time there, and a visitor may call it anything
    if numbered is None:
        return _("{kind} {time}", kind=kind, time=time)
    return _("{kind} {n}, {time}", kind=kind, n=int(numbered[3]), time=time)
