"""The name of a run that nobody has named, as a message, for readers of any language; what is stored stays English."""

import json
import re
from contextlib import suppress
from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES
from genmodels.config.objectives import OBJECTIVES
from genmodels.config.wording import field_title
from genmodels.language import N_, Message

# What continues a run, and what trains it anew, is called so.
ONE_MORE, AGAIN = N_("{name}, one more epoch"), N_("{name}, again")
# What runs that were started to be compared are called behind their own names, by the kind of their group.
CALLED: dict[str, str] = {"objectives": N_("Comparison"), "pair": N_("Pair"), "three": N_("All three")}
TOGETHER = re.compile(rf"(.+): ({'|'.join(CALLED.values())}) (\d+)")


def continuing(name: str) -> str:
    """The name of a run that trains the run ``name`` for one more epoch; of the next one, too."""
    return ONE_MORE.format(name=_without(ONE_MORE, name))


def repeating(name: str) -> str:
    """The name of a run that is to be the same as the run ``name``."""
    return AGAIN.format(name=name)


def _without(form: str, name: str) -> str:
    return name.removesuffix(form.removeprefix("{name}"))


def as_message(name: str, config: dict[str, Any], group: str) -> str:
    """A stored name as a message of its parts, whose English it is, where the program made it; as it is where somebody typed it.

    ``group``: that the run was started in; empty where it was started alone.
    """
    for form in (ONE_MORE, AGAIN):
        before = _without(form, name)
        if before != name and isinstance(first := as_message(before, config, group), Message):
            return Message.of(name, form, "", {"name": first})
    family = FAMILIES.get(str(config.get("family")))
    if family is None:
        return name
    with suppress(KeyError, TypeError):  # settings of another version
        default = family.name_for(config)
        if name == default:
            return default
        if name.endswith(f": {default}"):
            return _pair(name, _varied(name.removesuffix(f": {default}"), family), default)
    if group and (found := TOGETHER.fullmatch(name)):
        first, kind, number = found.groups()
        return _pair(name, _varied(first, family), N_("{kind} {number}", kind=N_(kind), number=int(number)))
    return name


def _pair(name: str, first: Message, second: Message) -> Message:
    return Message.of(name, "{first}: {second}", "", {"first": first, "second": second})


def _varied(text: str, family: type[RunConfig]) -> Message:
    """What tells a run from others of its group, such as ``beta 4, seed 1``."""
    part, comma, rest = text.partition(", ")
    if comma:
        return N_("{first}, {second}", first=_varied(part, family), second=_varied(rest, family))
    option, _space, value = part.rpartition(" ")
    field = family.model_fields.get(option.replace(" ", "_"))
    if field is None:
        return _choice(part)
    title = N_(field_title(option, field))
    return Message.of(part, "{setting} {values}", "", {"setting": title, "values": _value(value)})


def _value(text: str) -> Any:
    try:
        return json.loads(text)  # a number, which has the digits of the reader's language
    except ValueError:
        return _choice(text)


def _choice(text: str) -> Message:
    """An objective by its key, or a word that the catalogue may have."""
    return Message.of(text, OBJECTIVES[text].title if text in OBJECTIVES else text, "", {})
