"""What a report says in a language: its sections, captions and notes, which ``texts.toml`` has in English."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from genmodels.config.families import FAMILIES
from genmodels.export.report import markup
from genmodels.export.report.document import Equation, Paragraph, Table, Text, filled
from genmodels.language import current, told
from genmodels.language.figures import localised, moment
from genmodels.language.kept_texts import in_each
from genmodels.storage.explanations import explanation

TEXTS = Path(__file__).parent / "texts.toml"


@dataclass(frozen=True)
class Section:
    """key: the same in all languages; text: Markdown, with directives."""

    key: str
    title: str
    text: str


@dataclass(frozen=True)
class Part:
    """A part of the report with its sections."""

    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Words:
    """Those of one language."""

    language: str
    said: dict[str, Any]

    @property
    def parts(self) -> list[Part]:
        """In their order; a part about a family that this version does not have is left out."""
        return [
            Part(part["title"], tuple(Section(**section) for section in part["section"]))
            for part in self.said["part"]
            if part.get("family", "vae") in FAMILIES
        ]

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Those of whose models a section shows something, in their order."""
        texts = [section.text for part in self.parts for section in part.sections]
        directives = [block for text in texts for block in markup.blocks(text) if isinstance(block, str)]
        named = {word for directive in directives for word in directive.split()}
        return tuple(family for family in FAMILIES if family in named)

    def __getitem__(self, key: str) -> str:
        """A single word, such as that for "figure"."""
        return self.said[key]

    def caption(self, key: str, **values: Any) -> Text:
        """A caption with its places filled."""
        return filled(markup.text(self.said["captions"][key]), values)

    def made(self, facts: dict[str, Any]) -> Text:
        """The end of a caption: which model, and the command that makes it again."""
        return (*markup.text(" "), *self.caption("made", **facts))

    def note(self, key: str, **values: Any) -> Paragraph:
        """That something is missing, with the way out."""
        return Paragraph(filled(markup.text(self.said["notes"][key]), values), "note")

    def column(self, key: str) -> Text:
        """What a column of a table is called."""
        return markup.text(self.said["columns"][key])

    def explained(self, name: str, kind: type[Equation] | type[Table]) -> list[Any]:
        """The equations, or the tables, of an explanation of the app, which a report has from there."""
        text, _language = explanation(name, self.language)
        return [block for block in markup.blocks(text) if isinstance(block, kind)]


@cache
def words(language: str) -> Words:
    """Those of a language of ``LANGUAGES``."""
    with TEXTS.open("rb") as file:
        return Words(language, in_each(tomllib.load(file), partial(told, code=language)))


def counted(number: int, language: str) -> str:
    """A number in the digits of a language."""
    return localised(str(number), language)


def day(date: str) -> str:
    """A date such as ``2026-05-01`` as the language that is spoken writes it; what is none, as it is."""
    try:
        return moment(datetime.fromisoformat(date), "d MMM y", current())
    except ValueError:
        return date
