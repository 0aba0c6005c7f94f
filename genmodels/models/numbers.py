"""Numbers that a caller gives from Python: each is checked where it comes in, and refused in one sentence."""

import math
import operator
from typing import Any

from genmodels.errors import UserError

MOST_IMAGES = MOST_DRAWS = 1_000_000  # that are made in one call: beyond, memory ends before patience does


class NumberError(UserError, ValueError):
    """A number outside of its bounds."""


def whole(what: str, given: Any, least: int, most: float = math.inf) -> int:
    """``given`` as an int; raises ``TypeError`` unless it is a whole number, ``NumberError`` outside of ``least`` to ``most``."""
    try:
        number = operator.index(given)
    except TypeError:
        raise TypeError(f"{what} must be a whole number, not {given!r}.") from None
    if not least <= number <= most:
        ends = f"{least:,} to {most:,}" if most < math.inf else f"{least:,} or more"
        raise NumberError(f"{what} must be {ends}, not {number:,}.")
    return number


def real(what: str, given: Any, least: float, most: float) -> float:
    """``given`` as a float; raises ``TypeError`` unless it is a number, ``NumberError`` outside of ``least`` to ``most``, as NaN is."""
    try:
        number = float(given + 0)  # a text of digits is no number
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be a number, not {given!r}.") from None
    if not least <= number <= most:
        raise NumberError(f"{what} must be {least:g} to {most:g}, not {number}.")
    return number
