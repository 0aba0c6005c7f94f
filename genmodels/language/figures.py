"""Numbers and moments as a language writes them, by the data of Babel's CLDR."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from babel import Locale
from babel.dates import format_datetime

from genmodels.language.current import current
from genmodels.language.languages import ENGLISH

# Babel knows how a numbering system separates and signs, but not its digits: the first of the ten.
ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०"}
# In Python's formats: in CLDR.
_SIGNS = {",": "group", ".": "decimal", "%": "percentSign", "-": "minusSign", "+": "plusSign"}


def localised(number: str, code: str) -> str:
    """A number as Python formats it, such as ``1,234.5``, ``12.3%``, ``-1e-05`` or ``nan``, in the digits and with the signs of a
    language, which tell a sign to stand before its number where one reads from the right."""
    if code == ENGLISH:
        return number
    for name, said in ("nan", "nan"), ("inf", "infinity"):
        number = number.replace(name, _symbols(code)[said])
    mantissa, e, exponent = number.partition("e")
    shown = mantissa.translate(_signs(code))
    return f"{shown}{_power(code)}{str(int(exponent)).translate(_signs(code))}" if e else shown


def in_digits(value: float, form: str = "") -> str:
    """A number in a ``form`` of Python's, such as ``.1%``, as the language writes it that is spoken."""
    return localised(format(value, form), current())


def _power(code: str) -> str:
    """What stands between a number and the exponent of the ten that it is multiplied with."""
    sign = _symbols(code)["exponential"]
    return sign if "^" in sign else f"×{_digits('10', code)}^"


def moment(when: datetime, form: str, code: str) -> str:
    """A moment in a ``form`` of CLDR, such as ``d MMM HH:mm``."""
    return _digits(format_datetime(when, form, locale=code), code)


def _digits(text: str, code: str) -> str:
    zero = ZEROS.get(Locale.parse(code).default_numbering_system)
    return text.translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)}) if zero else text


@cache
def _signs(code: str) -> dict[int, str]:
    digits = {ord(str(n)): _digits(str(n), code) for n in range(10)}
    return digits | {ord(sign): _symbols(code)[name] for sign, name in _SIGNS.items()}


@cache
def _symbols(code: str) -> Mapping[str, str]:
    locale = Locale.parse(code)
    return locale.number_symbols.get(locale.default_numbering_system) or locale.number_symbols["latn"]
