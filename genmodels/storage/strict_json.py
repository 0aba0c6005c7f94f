"""What others read as JSON, which knows neither NaN nor infinity."""

import math
from collections.abc import Mapping
from typing import Any


def finite(values: Mapping[str, Any], because: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """``values`` with None in the place of each number that is not finite, and by its name the reason, which ``because`` ends."""
    broken = {
        name: f"came out as {value}{because}"
        for name, value in values.items()
        if isinstance(value, float) and not math.isfinite(value)
    }
    return {**values, **dict.fromkeys(broken)}, broken
