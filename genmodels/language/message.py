"""A message: an English text with named places, and what fills them, so that it can be told in any language."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from numbers import Real
from typing import Any

from genmodels.language.catalogue import translations
from genmodels.language.current import current
from genmodels.language.figures import localised
from genmodels.language.languages import ENGLISH, FROM_THE_RIGHT

ISOLATED = "\u2068{}\u2069"  # what it holds has a direction of its own, and turns none of what is around it
FROM_RIGHT = "\u2067{}\u2069"  # what it holds is read from the right
CODE = "`"  # in Markdown
RIGHT = "\u200f"  # the mark that is not seen, and after which one reads from the right
# A Latin word draws what comes after it to its own side, a comma with the next Latin word or number: "VAE، GAN" would be read from GAN on.
# But not within a formula, which is kept apart and read from the left.
_DRAWS = re.compile(r"(\u2066[^\u2069]*\u2069)|(?<=[A-Za-z0-9])([*_`)\]»]*)(?=[،؛]|[ :(*]+[۰-۹])")


class Message(str):
    """The English text, as whoever knows of no languages sees it, with what it was made of.

    ``id``: the text with its places, as a format of ``str.format`` where there are ``values``; ``plural``: the same for
    numbers other than one, of ``values["n"]``.
    """

    __slots__ = ("id", "plural", "values")
    id: str
    plural: str
    values: dict[str, Any]

    def __new__(cls, id: str, plural: str = "", /, **values: Any) -> Message:
        text = plural if plural and values["n"] != 1 else id
        return cls.of(_filled(text, values, ENGLISH) if values else text, id, plural, values)

    @classmethod
    def of(cls, text: str, id: str, plural: str, values: dict[str, Any]) -> Message:
        """With an English text that is known already."""
        message = super().__new__(cls, text)
        message.id, message.plural, message.values = id, plural, values
        return message

    def __reduce__(self) -> Any:  # for processes that hand it on
        return Message.of, (str(self), self.id, self.plural, self.values)


def N_(message: str, /, **values: Any) -> Message:
    """A message, to be told where it is shown; ``values`` fill its places, which are those of ``str.format``. One that has its
    values stays what it is."""
    return message if isinstance(message, Message) and not values else Message(message, **values)


def counted(one: str, many: str, /, n: int, **values: Any) -> Message:
    """As ``ngettext``, to be told where it is shown."""
    return Message(one, many, n=n, **values)


COMMA = N_(", ")


def _(message: object, /, **values: Any) -> str:
    """A message, told in the language of whoever is being served; an error tells its own."""
    return told(Message(str(message), **values) if values else message)


def ngettext(one: str, many: str, /, n: int, **values: Any) -> str:
    """As ``_`` for a message that depends on the number ``n``, in English by its first form for 1 and its second else."""
    return told(counted(one, many, n, **values))


def told(text: object, code: str | None = None) -> str:
    """A ``Message``, an error with one, or a plain text that the catalogue has, in a language, by default in the ``current``."""
    code = code or current()
    text = of_error(text) if isinstance(text, BaseException) else text
    if code == ENGLISH or not text:
        return str(text)
    return sided(_translated(text, code), code)


def sided(text: str, code: str | None = None) -> str:
    """``text`` of a language that is read from the right with a mark behind each Latin word that would draw what comes after it; for
    what is put together of texts that have been told. By default in the ``current`` language."""
    if (code or current()) not in FROM_THE_RIGHT:
        return text
    return _DRAWS.sub(lambda found: found[1] or f"{found[2]}{RIGHT}", text)


def _translated(text: Any, code: str) -> str:
    if not isinstance(text, Message):
        return translations(code).gettext(str(text))
    known = translations(code)
    try:
        found = known.ngettext(text.id, text.plural, text.values["n"]) if text.plural else known.gettext(text.id)
        return _filled(found, text.values, code) if text.values else found
    except (KeyError, ValueError, TypeError, OverflowError):  # values of another version, which was stored
        return str(text)


def of_error(error: BaseException) -> Any:
    """What an error says, as the ``Message`` that it was raised with, where it was with one."""
    return error.args[0] if len(error.args) == 1 else str(error)


def listed(texts: Iterable[str]) -> str:
    """Texts one after the other, with the comma of the language."""
    return sided(told(COMMA).join(texts))


def rows_by_columns(rows: int, columns: int) -> Message:
    """The size of an image, a map or a kernel."""
    return N_("{rows} × {columns}", rows=rows, columns=columns)


def on_canvas(text: str) -> str:
    """``text`` in the language that is spoken, for where it is drawn from the left whatever the page is: a canvas, a chart."""
    return FROM_RIGHT.format(text) if current() in FROM_THE_RIGHT else text


def _filled(text: str, values: dict[str, Any], code: str) -> str:
    """``text`` with its places filled: numbers by the language, and what is of another direction kept apart, but in code."""
    parts, within_code = [], False
    for literal, field, spec, conversion in string.Formatter().parse(text):
        parts.append(literal)
        within_code ^= literal.count(CODE) % 2 == 1
        if field is not None:
            value = values[field]
            value = repr(value) if conversion == "r" else value
            parts.append(_shown(value, spec or "", code, plain=within_code))
    return "".join(parts)


def _shown(value: Any, spec: str, code: str, *, plain: bool) -> str:
    if isinstance(value, Message | BaseException):
        return told(value, code)
    shown = format(value, spec)
    if code == ENGLISH or plain:
        return shown
    if isinstance(value, Real) and not isinstance(value, bool):
        return localised(shown, code)
    return ISOLATED.format(shown) if code in FROM_THE_RIGHT else shown


def joined(sentences: Iterable[Message]) -> Message:
    """Sentences one after the other."""
    first, *rest = sentences
    return N_("{first} {rest}", first=first, rest=joined(rest)) if rest else first
