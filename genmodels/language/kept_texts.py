"""Texts that are kept in a file of their own, as nested tables and lists: those of a report and of a web page."""

from collections.abc import Callable
from typing import Any

OF_CODE = ("key", "family")  # entries that no reader sees


def in_each(said: Any, tell: Callable[[str], Any]) -> Any:
    """The same tables and lists with ``tell(text)`` in place of each text."""
    if isinstance(said, dict):
        return {key: each if key in OF_CODE else in_each(each, tell) for key, each in said.items()}
    return [in_each(each, tell) for each in said] if isinstance(said, list) else tell(said)
