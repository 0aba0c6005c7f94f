"""The translations of a language, read from its catalogue when they are first needed.

Read as they are kept, so that a checkout needs no build step and nothing compiled can be older than its source.
"""

import gettext
import io
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from genmodels.language.languages import ENGLISH, LANGUAGES, catalogue


def translations(code: str) -> gettext.NullTranslations:
    """Those of a language; of English, whose texts are the messages themselves, none."""
    return gettext.NullTranslations() if code == ENGLISH else _read(code)[0]


def is_known(message: str, plural: str) -> bool:
    """Whether any language has a message, with its ``plural`` or, where that is empty, without one."""
    return any((message, plural) in _read(code)[1] for code in LANGUAGES if code != ENGLISH)


@cache
def _read(code: str) -> tuple[gettext.GNUTranslations, frozenset[tuple[str, str]]]:
    """The translations, and the messages that have one, each with its plural or an empty one."""
    with catalogue(code).open("rb") as file:
        messages = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    known = frozenset(
        (m.id, "") if isinstance(m.id, str) else (m.id[0], m.id[1]) for m in messages if m.id and m.string
    )
    return gettext.GNUTranslations(compiled), known
