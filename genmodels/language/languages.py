"""The languages of the pages, the explanations and the report: English, and each that has a catalogue in ``locale/``."""

from pathlib import Path

from babel import Locale

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"  # in which the messages are written

_CODES = [ENGLISH, *sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())]
LANGUAGES = {code: str(Locale.parse(code).get_display_name(code)).capitalize() for code in _CODES}
"""Code -> what its readers call it."""
FROM_THE_RIGHT = {code for code in _CODES if Locale.parse(code).text_direction == "rtl"}


def direction(code: str) -> str:
    """In which a language is read, as HTML's ``dir`` has it."""
    return "rtl" if code in FROM_THE_RIGHT else "ltr"


def catalogue(code: str) -> Path:
    """The file of a language."""
    return LOCALE / code / "LC_MESSAGES" / "genmodels.po"
