"""The texts of the report: the same in every language, and all that they ask for is there."""

import re
from collections.abc import Mapping
from unittest.mock import patch

import pytest

from genmodels.config.families import FAMILIES
from genmodels.export.report import markup
from genmodels.export.report import report as report  # with all directives
from genmodels.export.report.contents import DIRECTIVES
from genmodels.export.report.document import PLACE, Equation, Table, plain_words
from genmodels.export.report.words import words
from genmodels.language import LANGUAGES
from tests.support.documents import made


def keys(said: Mapping) -> set[str]:
    """Of all that is said, also within tables of the file."""
    return {f"{key}.{inner}" for key, value in said.items() for inner in (value if isinstance(value, dict) else [""])}


def places(said: Mapping) -> dict[str, set[str]]:
    """The places that are filled in, by caption and note."""
    return {key: {*PLACE.findall(text)} for kind in ("captions", "notes") for key, text in said[kind].items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same(language: str):
    said, english = words(language).said, words("en").said
    assert keys(said) == keys(english)
    assert places(said) == places(english)
    for part, other in zip(said["part"], english["part"], strict=True):
        for section, same in zip(part["section"], other["section"], strict=True):
            assert section["key"] == same["key"]
            found, expected = ([*markup.blocks(text)] for text in (section["text"], same["text"]))
            assert [block for block in found if isinstance(block, (str, Equation))] == [
                block for block in expected if isinstance(block, (str, Equation))
            ]


def test_persian_letters_are_persian():
    assert not re.search("[يك٠-٩]", repr(words("fa").said)), "these are Arabic"


def test_every_directive_is_known_and_about_something_that_is_there():
    for part in words("en").said["part"]:
        for section in part["section"]:
            for block in markup.blocks(section["text"]):
                if isinstance(block, str):
                    word, *about = block.split()
                    assert word in DIRECTIVES, block
                    if word == "curves" and about[0] in FAMILIES:
                        assert " ".join(about[1:]) in {curve.panel for curve in FAMILIES[about[0]].curves}


def test_a_part_of_a_family_that_is_not_there_is_left_out():
    everything = [part.title for part in words("en").parts]
    with patch.dict(FAMILIES):  # which comes back in its order
        del FAMILIES["flow"]
        without = [part.title for part in words("en").parts]
    assert everything == [*without, "Flow matching"]


def test_a_persian_report_names_the_places_in_sources_in_persian():
    (table,) = (
        block for block in made("losses", language="fa").blocks if isinstance(block, Table) and block.together == 2
    )
    sources = [row[0] for row in table.rows[1::2]]
    assert not re.search("section|equation|algorithm", " ".join(map(plain_words, sources)))
    mao = sources[3]
    assert "معادلهٔ ۹" in plain_words(mao)
    assert [span.text for span in mao if span.kind == "math"] == ["a = 0", "b = c = 1"]
