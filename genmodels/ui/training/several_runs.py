"""Several runs in the place of one, from the form that starts it: so many seeds, values of one setting, or both."""

from typing import Any, get_args

import streamlit as st

from genmodels.config.base import RunConfig, matters
from genmodels.config.sweep import split, sweep, sweepable
from genmodels.config.wording import allowed, field_label, field_title
from genmodels.errors import UserError
from genmodels.jobs.groups import MOST_RUNS
from genmodels.language import _
from genmodels.ui.training.config_form import TITLES
from genmodels.ui.widgets.bounded import whole_number
from genmodels.ui.widgets.text import plain


def several_runs(config: RunConfig) -> dict[str, RunConfig] | None:
    """Draw the fields; the configs of the runs that they ask for, by what each is to be called, or None while a value is refused, which is
    then told. One alone has no name of its own."""
    family = config.family
    fields = sweepable(type(config))
    values = config.model_dump()
    offered = [name for name, field in fields.items() if name != "seed" and matters(field, values)]
    with st.expander(_("Several seeds or values"), icon=":material/stacks:", expanded=_is_asked(family)):
        seeds = whole_number(
            _("Seeds"), 1, MOST_RUNS, 1, key=f"{family}:several:seeds",
            help=_("So many runs that differ in their seed alone, from the one above on: what is chance then shows in the spread of "
            "their scores."),
        )  # fmt: skip
        key = f"{family}:several:setting"
        if st.session_state.get(key) not in (None, *offered):
            st.session_state[key] = None
        name = st.selectbox(
            _("Setting to vary"), offered, None, format_func=lambda name: _(field_label(name, fields[name])), key=key,
            placeholder=_("None: the seeds alone"), help=_("All others are as above, but those that follow it by default."),
            persist_state="session",
        )  # fmt: skip
        chosen = _values(family, name, fields[name]) if name else []
        try:
            found = sweep(config, seeds, name or "", chosen, field_title) if chosen or not name else {}
        except UserError as error:
            st.markdown(f":red[:material/error: {plain(error)}]")
            return None
        if name and not chosen:
            st.caption(_("Give two values or more."))
            return None
        if len(found) > MOST_RUNS:
            refused = _("These are {n} runs, and {most} is the most: choose fewer.", n=len(found), most=MOST_RUNS)
            st.markdown(f":red[:material/error: {refused}]")
            return None
        if len(found) > 1:
            st.caption(_("{n} runs as one group, one after another on a device.", n=len(found)))
    if len(found) == 1 and not name:
        return {"": config}
    return {f"{told}: {variant.default_name}": variant for told, variant in found.items()}


def _is_asked(family: str) -> bool:
    said = (st.session_state.get(f"{family}:several:{name}") for name in ("seeds", "setting"))
    return any(value not in (None, 1) for value in said)


def _values(family: str, name: str, field: Any) -> list[Any]:
    """What the field for the values of a setting says."""
    key, label = f"{family}:several:{name}", _("Values of {setting}", setting=field_label(name, field))
    choices = [True, False] if field.annotation is bool else list(get_args(field.annotation))
    if choices:
        return st.multiselect(
            label,
            choices,
            format_func=lambda value: _(TITLES.get(value, str(value))),
            key=key,
            select_all=False,
            persist_state="session",
        )
    text = st.text_input(
        label,
        key=key,
        placeholder=_("Such as 1, 2, 4"),
        help=_("Parted by commas. Allowed: {allowed}.", allowed=allowed(field)),
        persist_state="session",
    )
    return list(split(text))
