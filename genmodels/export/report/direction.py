"""The direction that a text runs in by its own letters, whatever the language around it."""

import unicodedata
from typing import Literal

Direction = Literal["ltr", "rtl"]
STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}  # classes of letters (Unicode Standard Annex 9)


def direction(text: str) -> Direction | None:
    """That of the first letter that has one; None where none has, as in a number."""
    return next((STRONG[kind] for kind in map(unicodedata.bidirectional, text) if kind in STRONG), None)
