"""A message as it is kept, to be told in any language later: what it was made of, as JSON beside its English text."""

import json
import math
from numbers import Integral, Real
from string import Formatter
from typing import Any

from genmodels.language.catalogue import is_known
from genmodels.language.message import Message, of_error


def stored(text: str) -> str:
    """What a ``Message`` was made of; empty for any other text."""
    return json.dumps(_plain(text)) if isinstance(text, Message) else ""


def recalled(text: str, kept: str) -> str:
    """The message again, of which ``text`` is the English; ``text`` alone where nothing was kept, or what this version does not know.

    What was kept may come from anywhere: only what the catalogue has is taken for the format of a message.
    """
    try:
        return _message(json.loads(kept), text) if kept else text
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return text


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        value = of_error(value)
    if isinstance(value, Message):
        parts = {"id": value.id, "plural": value.plural, "text": str(value)}
        return parts | {"values": {name: _plain(part) for name, part in value.values.items()}}
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and math.isfinite(value):
        return float(value)
    return str(value)


def _message(parts: dict[str, Any], text: str) -> Message:
    if not is_known(parts["id"]):
        raise KeyError(parts["id"])
    values = {
        str(name): _message(part, part["text"]) if isinstance(part, dict) and is_known(part.get("id")) else part
        for name, part in parts["values"].items()
    }
    if missing := {field for _, field, _, _ in Formatter().parse(parts["id"]) if field} - values.keys():
        raise KeyError(*missing)
    values = {name: part["text"] if isinstance(part, dict) else part for name, part in values.items()}
    return Message.of(text, parts["id"], str(parts["plural"]), values)
