"""The translations of a language, read from its catalogue when they are first needed.

Read as they are kept, so that a checkout needs no build step and nothing compiled can be older than its source.
"""

import gettext
import io
from functools import cache

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from genmodels.language.languages import ENGLISH, LANGUAGES, catalogue


@cache
def translations(code: str) -> gettext.NullTranslations:
    """Those of a language; of English, whose texts are the messages themselves, none."""
    if code == ENGLISH:
        return gettext.NullTranslations()
    with catalogue(code).open("rb") as file:
        messages = read_po(file, locale=code)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def is_known(message: object) -> bool:
    """Whether any language has a translation of a message."""
    return isinstance(message, str) and any(
        translations(code).gettext(message) != message for code in LANGUAGES if code != ENGLISH
    )
