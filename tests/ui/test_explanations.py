"""The explanations: the same ones in every language, with the same equations, in the direction in which they are read."""

import re
from pathlib import Path
from typing import Any

import pytest

from genmodels.language import LANGUAGES
from genmodels.storage.explanations import FOLDER
from tests.support.pages import open_page

EQUATION = re.compile(r"\$\$.*?\$\$", re.DOTALL)
# Within an equation: those of the language. KaTeX does not know how high Persian letters are, and needs a strut beside them.
WORDS = re.compile(r"(\\mathstrut)?\\text\{[^}]*\}")
NAMES = sorted(path.name for path in (FOLDER / "en").iterdir())
WRITTEN = sorted(path.name for path in FOLDER.iterdir())  # the languages that have explanations


@pytest.mark.parametrize("name", NAMES)
def test_an_explanation_has_the_same_equations_in_every_language_that_has_it(name: str):
    texts = {language: (FOLDER / language / name).read_text(encoding="utf-8") for language in WRITTEN}
    english = texts["en"]
    for text in texts.values():
        assert text.startswith("# ")
        assert EQUATION.findall(WORDS.sub("", text)) == EQUATION.findall(WORDS.sub("", english))
        assert text.count("\n**") == english.count("\n**")  # paragraphs, each with what it is about
        assert text.count("$") % 2 == 0  # none is left open
        # Streamlit draws an equation over two lines, and all that follows, as its red source.
        assert not [equation for equation in EQUATION.findall(text) if "\n" in equation]


def test_a_language_has_all_explanations_or_none():
    assert {"en", "fa"} <= {*WRITTEN} <= {*LANGUAGES}
    for language in WRITTEN:
        assert sorted(path.name for path in (FOLDER / language).iterdir()) == NAMES


def test_every_explanation_is_on_a_page():
    source = "".join(
        path.read_text() for folder in ("pages", "genmodels/ui") for path in Path(FOLDER.parent, folder).rglob("*.py")
    )
    assert {f"{name}.md" for name in re.findall(r'explanation\("([\w-]+)"\)', source)} == {*NAMES}


def test_the_address_chooses_the_language():
    titles = {language: _title(language) for language in ("en", "fa")}
    assert titles == {
        "en": "How it works: encoder, decoder and the ELBO",
        "fa": "چگونه کار می‌کند: رمزگذار، رمزگشا و ELBO",
    }


def _title(language: str) -> str:
    page = open_page("vae", lang=language)
    first: Any = page.get("popover")[0]
    return first.markdown[0].value.splitlines()[0].strip("*")
