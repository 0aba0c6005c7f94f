"""A message as it is kept, to be told in any language later: what it was made of, as JSON beside its English text."""

import json
import math
from numbers import Integral, Real
from string import Formatter
from typing import Any

from genmodels.language.catalogue import is_known
from genmodels.language.message import Message, of_error

DEEPEST = 50  # messages within one another: more than the sentences of any event


def stored(text: str) -> str:
    """What a ``Message`` was made of; empty for any other text."""
    return json.dumps(_plain(text)) if isinstance(text, Message) else ""


def recalled(text: str, kept: str) -> str:
    """The message again, of which ``text`` is the English; ``text`` alone where nothing was kept, or what this version does not know.

    What was kept may come from anywhere: only what the catalogue has is taken for the format of a message.
    """
    try:
        parts = json.loads(kept) if kept else {}
        return _message(parts, text) if _is_known(parts) else text
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


def _message(parts: dict[str, Any], text: str, depth: int = 0) -> Message:
    """Of parts that are known."""
    if depth == DEEPEST:
        raise RecursionError
    values = {str(name): _part(part, depth) for name, part in parts["values"].items()}
    if missing := {field for _, field, _, _ in Formatter().parse(parts["id"]) if field} - values.keys():
        raise KeyError(*missing)
    return Message.of(str(text), parts["id"], parts["plural"], values)


def _part(part: Any, depth: int) -> Any:
    """A value, as a message where it is one that this version knows, else by its English text."""
    if not isinstance(part, dict):
        return part
    return _message(part, part["text"], depth + 1) if _is_known(part) else str(part["text"])


def _is_known(parts: dict[str, Any]) -> bool:
    return all(isinstance(parts.get(key), str) for key in ("id", "plural")) and is_known(parts["id"], parts["plural"])
