"""Numbers and moments as a language writes them, by the data of Babel's CLDR."""

from datetime import datetime
from functools import cache

from babel import Locale
from babel.dates import format_datetime

# Babel knows how a numbering system separates and signs, but not its digits: the first of the ten.
ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०"}
# Of a whole number, and of a fraction, which Python's formats give.
_SEPARATORS = {",": "group", ".": "decimal", "%": "percentSign"}


def localised(number: str, code: str) -> str:
    """A number as Python formats it, such as ``1,234.5`` or ``12.3%``, in the digits and with the signs of a language."""
    return number.translate(_signs(code))


def moment(when: datetime, form: str, code: str) -> str:
    """A moment in a ``form`` of CLDR, such as ``d MMM HH:mm``."""
    return _digits(format_datetime(when, form, locale=code), code)


def _digits(text: str, code: str) -> str:
    zero = ZEROS.get(Locale.parse(code).default_numbering_system)
    return text.translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)}) if zero else text


@cache
def _signs(code: str) -> dict[int, str]:
    locale = Locale.parse(code)
    system = locale.default_numbering_system
    symbols = locale.number_symbols.get(system) or locale.number_symbols["latn"]
    digits = {ord(str(n)): _digits(str(n), code) for n in range(10)}
    return digits | {ord(sign): symbols[name] for sign, name in _SEPARATORS.items()}
