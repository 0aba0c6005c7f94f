"""What fills the form that starts a run, as its visitor asks: an experiment, an address, an alarm, or another run.

It only fills: nothing here starts anything. To be called in callbacks, or before the form is drawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.config.families import FAMILIES
from genmodels.data.folder_check import ELSEWHERE
from genmodels.jobs import devices
from genmodels.language import _
from genmodels.ui.access import permission
from genmodels.ui.models.model_picker import trained
from genmodels.ui.training import form_switch
from genmodels.ui.training.config_form import TITLES, fill_all
from genmodels.ui.widgets.text import plain


@dataclass(frozen=True)
class Filled:
    """What the form was filled with: what to say of it, Markdown in whatever language it is said in then, and whose weights the new
    run is to begin with, if anybody's."""

    says: Callable[[], str]
    origin: Origin | None = None


def offered() -> dict[str, dict[str, str]]:
    """The values of those fields of which this server, or this machine, has not all, each with its title."""
    choices = {"device": {name: name for name in ("auto", *devices.present())}, "vae": trained("vae")}
    if not permission.own_images():
        choices["dataset"] = {name: title for name, title in TITLES.items() if name != "folder"}
    return choices


def fill(family: str, values: Mapping[str, Any], says: Callable[[], str], origin: Origin | None = None) -> None:
    """Fill the form of ``family`` with all ``values``, and open it."""
    given = dict(values)
    if str(given.get("folder", "")).startswith(ELSEWHERE):  # of an imported run: the form asks for the folder here
        given["folder"] = ""
    defaults, lacking = FAMILIES[family].defaults({}), []
    for name, choices in offered().items():
        if name in given and given[name] not in choices:  # of a run from another machine
            lacking.append((name, given[name], defaults[name]))
            given[name] = defaults[name]
    fill_all(FAMILIES[family], given)
    st.session_state[_key(family)] = Filled(lambda: says() + "".join(_replaced(*each) for each in lacking), origin)
    form_switch.open_form(family)


def _replaced(name: str, value: Any, default: Any) -> str:
    return _(
        " {value} is not to be had here: it is {defaults} now.",
        value=plain(f"{_(name)} {value}"),
        defaults=plain(default),
    )


def invitation() -> str:
    """What to do with a form that is filled, to be said behind what filled it; nothing where there is no such button."""
    return _(" Look at the settings, then press **Start training**.") if permission.may_train() else ""


def filled(config: type[RunConfig]) -> Filled | None:
    """What the form was filled with last, or None where its visitor has done it alone."""
    found: Filled | None = st.session_state.get(_key(config.model_fields["family"].default))
    return found


def forget(family: str) -> None:
    """What the form was filled with; its values stay."""
    st.session_state.pop(_key(family), None)


def _key(family: str) -> str:
    return f"{family}:filled"
