"""Vazirmatn, the typeface of what is written in Persian letters, since a reader may have none; its licence: fonts/OFL.txt.

``digits.woff2`` has its ten digits and its ``٫``, ``٬`` and ``٪`` alone, in the places of the Latin ones (by fontTools): plotly.js writes numbers
in Latin digits whatever its locale says.
"""

import base64
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
FILES = {400: "vazirmatn-arabic-400-normal.woff2", 700: "vazirmatn-arabic-700-normal.woff2"}  # weight -> file
LETTERS = (
    "U+0600-06FF, U+200C-200E, U+FB50-FDFF, U+FE70-FEFF"  # and what joins them, parts them or turns their direction
)


@cache
def faces() -> str:
    """The rules of a stylesheet for a file that needs no other: the typeface is within, as data."""
    return "\n".join(
        f'@font-face {{ font-family: "Vazirmatn"; font-weight: {weight}; unicode-range: {LETTERS}; '
        f'src: url(data:font/woff2;base64,{base64.b64encode((FOLDER / file).read_bytes()).decode()}) format("woff2"); }}'
        for weight, file in FILES.items()
    )
