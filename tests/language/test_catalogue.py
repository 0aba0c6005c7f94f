"""Every message of the sources has a translation with its places, and no catalogue has others."""

import re
import string
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from genmodels.config.catalogue import messages
from genmodels.language import FROM_THE_RIGHT, told
from genmodels.language.languages import ENGLISH, LANGUAGES, catalogue

TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]
UPDATE = "run python -m genmodels.config.catalogue, then translate what is empty"


@pytest.fixture(scope="module")
def known() -> set:
    return set(messages())


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_all_messages_and_no_others(code: str, known: set):
    found = {message.id for message in _entries(code)}
    assert (known - found, found - known) == (set(), set()), UPDATE


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_with_the_same_places(code: str):
    for message in _entries(code):
        originals, translated = _forms(message.id), _forms(message.string)
        assert all(translated), message.id
        places = [_places(original) for original in originals]
        assert all(_places(form) in places for form in translated), message.id


@pytest.mark.parametrize("code", [code for code in TRANSLATED if code in FROM_THE_RIGHT])
def test_no_latin_word_draws_a_comma_or_a_number_to_its_side(code: str):
    drawn = re.compile(r"[A-Za-z0-9][*_`)\]»]*(?:[،؛]|[ :(*]+[۰-۹])")
    texts = [told(entry.id, code) for entry in _entries(code) if isinstance(entry.id, str)]
    assert [text for text in texts if drawn.search(text)] == []


def _entries(code: str) -> list[Message]:
    with catalogue(code).open("rb") as file:
        return [message for message in read_po(file, locale=code) if message.id]


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _places(text: str) -> list[tuple[str, str, str]]:
    """The places of a format, each with how it is written; none of a text with braces of its own, as a formula has."""
    if "\\" in text:
        return []
    return sorted(
        (name, spec or "", conversion or "") for _, name, spec, conversion in string.Formatter().parse(text) if name
    )
