"""JSON for others, which knows neither NaN nor infinity, and from others, which may be anything."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_object(path: Path) -> dict[str, Any]:
    """The object in a file that may come from anywhere.

    Raises ``OSError``, ``ValueError`` for what is no JSON or nested deeper than any program writes, and ``TypeError`` for JSON
    that is no object.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError(f"{path.name} is nested too deeply") from error
    if not isinstance(found, dict):
        raise TypeError(f"{path.name} is no object")
    return found


def finite(values: Mapping[str, Any], because: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """``values`` with None in the place of each number that is not finite, and by its name the reason, which ``because`` ends."""
    broken = {
        name: f"came out as {value}{because}"
        for name, value in values.items()
        if isinstance(value, float) and not math.isfinite(value)
    }
    return {**values, **dict.fromkeys(broken)}, broken
