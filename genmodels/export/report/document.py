"""What a document consists of, whatever it is written as: a few kinds of blocks, and texts in which words, names and formulas mix."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from genmodels.export.report.direction import Direction

PLACE = re.compile(r"\{(\w+)\}")
LINE, SHORT = 40, 12  # letters of a line in a cell, about, and the lines of a table that a page must not part


@dataclass(frozen=True)
class Span:
    """A part of a text. ``name`` is what somebody has typed or what is called so in another language: it keeps its own direction,
    and is text, whatever is in it. ``math`` is LaTeX; ``break`` ends a line."""

    text: str
    kind: Literal["text", "strong", "emphasis", "code", "name", "math", "break"] = "text"


Text = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    """level: 1 for a part, 2 for a section."""

    text: Text
    level: int


@dataclass(frozen=True)
class Paragraph:
    """kind: ``item`` of a list, or a ``note`` that something is missing; direction: its own, where it may be of another language."""

    text: Text
    kind: Literal["plain", "item", "note"] = "plain"
    direction: Direction | None = None


@dataclass(frozen=True)
class Equation:
    """A displayed equation, as LaTeX."""

    latex: str


@dataclass(frozen=True)
class Picture:
    """A PNG for print, 300 dots an inch at its full ``width``, a share of the text's; and the same as SVG where lines were drawn."""

    png: bytes
    svg: bytes | None = None
    width: float = 1.0


@dataclass(frozen=True)
class Figure:
    """``number`` is the document's count from 1; the caption says how it was made."""

    picture: Picture
    caption: Text
    number: int = 0


@dataclass(frozen=True)
class Table:
    """header: a cell a column; rows: as many cells each, of which every ``together`` in turn are one entry."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: Text = ()
    number: int = 0
    together: int = 1

    @property
    def groups(self) -> list[tuple[tuple[Text, ...], ...]]:
        """The rows in groups that a page must not part: entries, at least two rows below the header and at the end, and all rows
        of a short table."""
        entries = [self.rows[start : start + self.together] for start in range(0, len(self.rows), self.together)]
        lines = sum(max(-(-len(plain_words(cell)) // LINE) for cell in row) for row in self.rows)
        if lines <= SHORT:
            return [self.rows]
        if self.together == 1 and len(entries) > 3:
            entries = [entries[0] + entries[1], *entries[2:-2], entries[-2] + entries[-1]]
        return entries


Block = Heading | Paragraph | Equation | Figure | Table


@dataclass(frozen=True)
class Document:
    """language: a key of ``languages.LANGUAGES``; figure, table: what precedes their numbers in that language."""

    title: str
    author: str
    date: str
    language: str
    figure: str
    table: str
    blocks: tuple[Block, ...]


def plain_words(text: Text) -> str:
    """A text without its kinds, for what can show none."""
    return "".join(span.text for span in text)


def name(text: object) -> Text:
    """A text that is one name."""
    return (Span(str(text), "name"),)


def filled(text: Text, values: Mapping[str, Any]) -> Text:
    """``text`` with its places, as in "seed {seed}", taken by ``values``: names of their own, so that nothing in them is read as markup.

    A place in code stays code. Raises ``KeyError`` for a place without a value.
    """
    return tuple(part for span in text for part in _filled(span, values))


def _filled(span: Span, values: Mapping[str, Any]) -> Iterable[Span]:
    if span.kind == "math":
        yield span
    elif span.kind == "code":
        yield replace(span, text=PLACE.sub(lambda found: str(values[found[1]]), span.text))
    else:
        for index, part in enumerate(PLACE.split(span.text)):  # places are every other part
            if index % 2:
                yield Span(str(values[part]), "name")
            elif part:
                yield replace(span, text=part)


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with figures and tables counted; a table without a caption is a part of the text and has no number."""
    counts = {Figure: 0, Table: 0}
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, (Figure, Table)) and block.caption:
            counts[type(block)] += 1
            block = replace(block, number=counts[type(block)])
        found.append(block)
    return tuple(found)
