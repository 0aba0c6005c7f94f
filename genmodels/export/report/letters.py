"""Which letters a PDF cannot have: those that neither its own typeface nor any of this machine draws."""

import shutil
import subprocess
import unicodedata
from collections.abc import Iterable

from genmodels.language import FROM_THE_RIGHT
from genmodels.language.typeface import LETTERS

DRAWN = ("L", "N", "P", "S")  # what has a shape, by the first letter of its category


def lacking(texts: Iterable[str], language: str) -> str:
    """The letters of ``texts`` without a typeface, each once, in their order; empty too where fontconfig is not there to be asked."""
    program = shutil.which("fc-list")
    if program is None:
        return ""
    asked = subprocess.run([program, "--format", "%{charset} "], capture_output=True, text=True, check=False).stdout
    own = LETTERS.replace("U+", "").replace(",", "") if language in FROM_THE_RIGHT else ""
    known = [
        (int(first, 16), int(last or first, 16))
        for first, _dash, last in (part.partition("-") for part in {*f"{asked} {own}".split()})
    ]
    shown = dict.fromkeys(letter for text in texts for letter in text if unicodedata.category(letter)[0] in DRAWN)
    return "".join(letter for letter in shown if not any(first <= ord(letter) <= last for first, last in known))
