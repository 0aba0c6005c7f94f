"""The form of a config: one widget a field, grouped, with bounds, units and help from the config's own definition."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import streamlit as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from genmodels.config.base import RunConfig, matters
from genmodels.config.datasets import DATASETS
from genmodels.config.wording import allowed, explain, field_label, field_title
from genmodels.language import N_, Message, _, listed
from genmodels.ui.training.settings_in_words import settings_in_words
from genmodels.ui.widgets.text import plain

TITLES = {name: info.title for name, info in DATASETS.items()}


def config_form(config: type[RunConfig], choices: Mapping[str, Mapping[str, str]]) -> RunConfig | None:
    """Draw the form and return what it says, or None while a value is refused, which its field then tells.

    ``choices`` turns text fields into lists to choose from, of values with their titles. The values stay for the whole session, on
    all pages.
    """
    family = config.model_fields["family"].default
    for name, offered in choices.items():
        if (key := _key(family, name)) in st.session_state and st.session_state[key] not in offered:
            del st.session_state[key]  # what was chosen is gone
    fields = config.options()
    # Widgets are drawn after their values are checked, so that each error can stand under its own field.
    values = _values(config, family, list(fields))
    values = {name: value for name, value in values.items() if matters(fields[name], values)}
    result, errors = _check(config, values)
    # What is still empty is asked for; it is no mistake of anybody.
    asked = {name: errors.pop(name) for name in list(errors) if values.get(name) == ""}
    refused = []
    for tab, group in zip(st.tabs([_(group) for group in config.groups()]), config.groups(), strict=True):
        with tab:
            for name in config.groups()[group]:
                if name in values:
                    _widget(_key(family, name), name, fields[name], choices.get(name))
                    if get_args(fields[name].annotation) and (own := config.defaults_with(name, values[name])):
                        st.caption(_("Its defaults: {fields}.", fields=settings_in_words(config, own)))
                if name in asked:
                    st.caption(plain(asked[name]))
                if name in errors:
                    st.markdown(f":red[:material/error: {plain(errors.pop(name))}]")
                    title = plain(N_(field_title(name, fields[name])))
                    refused.append(_("*{title}* under *{group}*", title=title, group=_(group)))
    if refused:  # another tab may be open than that of the field
        st.error(_("To be changed before a start: {fields}.", fields=listed(refused)))
    for sentence in errors.values():
        st.error(plain(sentence))
    return result


def form_value(config: type[RunConfig], name: str) -> Any:
    """What the form says of one field by now, be it right or not; None before it was drawn."""
    return st.session_state.get(_key(config.model_fields["family"].default, name))


def fill_in(config: type[RunConfig], **values: Any) -> None:
    """Give fields of the form other values; for callbacks, which run before it is drawn."""
    for name, value in values.items():
        st.session_state[_key(config.model_fields["family"].default, name)] = value


def fill_all(config: type[RunConfig], values: Mapping[str, Any]) -> None:
    """As ``fill_in``, of all fields: those that ``values`` leave out get their defaults."""
    family = config.model_fields["family"].default
    defaults = config.defaults(dict(values))
    fill_in(config, **{name: values.get(name, defaults[name]) for name in config.options()})
    st.session_state[f"{family}:defaults"] = defaults  # so that no default that is another now takes a value's place


def _values(config: type[RunConfig], family: str, names: list[str]) -> dict[str, Any]:
    """What the form says by now. A field whose default has just changed, because another field has, takes the new one."""
    said = {name: st.session_state[key] for name in names if (key := _key(family, name)) in st.session_state}
    defaults = config.defaults(said)
    before = st.session_state.get(f"{family}:defaults", defaults)
    st.session_state[f"{family}:defaults"] = defaults
    for name in names:
        if name not in said or defaults[name] != before[name]:
            # Not by the widget's own default, which counts only when the widget is new.
            st.session_state[_key(family, name)] = said[name] = defaults[name]
    return said


def _check(config: type[RunConfig], values: dict[str, Any]) -> tuple[RunConfig | None, dict[str, Message]]:
    try:
        return config.model_validate(values), {}
    except ValidationError as error:
        return None, explain(error, config, field_title)


def _key(family: str, name: str) -> str:
    return f"{family}.{name}"


def _widget(key: str, name: str, field: FieldInfo, offered: Mapping[str, str] | None) -> None:
    choices: Sequence[Any] = list(offered or get_args(field.annotation))
    titles = TITLES | dict(offered or {})
    text, description = _(field_label(name, field)), _(field.description)
    about = (
        description
        if field.annotation is bool
        else _("{description} Allowed: {allowed}.", description=description, allowed=allowed(field))
    )
    kept: dict[str, Any] = {"key": key, "persist_state": "session"}
    if choices:
        st.selectbox(
            text, choices, format_func=lambda value: _(titles.get(value, str(value))), help=description, **kept
        )
    elif field.annotation is bool:
        st.toggle(text, help=about, **kept)
    elif field.annotation is int:
        # Not with the step 1: the browser would cut what is typed into it to the whole number that it begins with, 1e3 to 1 and 2.7
        # to 2, and say nothing. As any other number it comes here as it was typed.
        st.number_input(text, step=1.0, format="%g", help=about, **kept)
    elif field.annotation is float:
        step = 0.1 if field.default >= 0.1 else field.default / 10 or 0.1
        st.number_input(text, step=step, format="%g", help=about, **kept)
    else:
        st.text_input(text, help=description, **kept)
