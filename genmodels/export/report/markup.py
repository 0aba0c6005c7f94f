"""The report's own texts, written in Markdown, become blocks. Never used on what visitors have typed."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from genmodels.export.report.document import Block, Equation, Paragraph, Span, Table, Text

DIRECTIVE = re.compile(r"\{\{(.+?)\}\}")  # a paragraph of its own, in whose place something is drawn
SPACE = Span(" ")
OPENED = {"strong_open": "strong", "em_open": "emphasis"}
KINDS = {"code_inline": "code", "math_inline": "math"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)


def blocks(markdown: str) -> Iterator[Block | str]:
    """Paragraphs, lists, equations and tables in turn; the words of a directive, such as "curves vae", as a string."""
    tokens = _parser().parse(markdown)
    for place, token in enumerate(tokens):
        if token.type == "math_block":
            yield Equation(token.content.strip())
        elif token.type == "table_open":
            end = next(i for i in range(place, len(tokens)) if tokens[i].type == "table_close")
            yield _table(tokens[place:end])
        elif token.type == "paragraph_open":
            inline = tokens[place + 1]
            if found := DIRECTIVE.fullmatch(inline.content.strip()):
                yield found[1].strip()
            else:
                yield Paragraph(spans(inline), "item" if token.level else "plain")


def text(markdown: str) -> Text:
    """One line of Markdown."""
    (inline,) = _parser().parseInline(markdown)
    return spans(inline)


def spans(inline: Token, softbreak: Span = SPACE) -> Text:
    """What is within a paragraph; ``softbreak``: what stands for the end of a line."""
    found: list[Span] = []
    kinds = ["text"]  # the innermost last
    for token in inline.children or ():
        if token.type in OPENED:
            kinds.append(OPENED[token.type])
        elif token.type in ("strong_close", "em_close"):
            kinds.pop()
        elif token.type in ("softbreak", "hardbreak"):
            found.append(softbreak)
        elif token.content:
            found.append(Span(token.content, KINDS.get(token.type, kinds[-1])))  # type: ignore[arg-type]
    return tuple(found)


def _table(tokens: Sequence[Token]) -> Table:
    rows: list[list[Text]] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(spans(tokens[place + 1]))
    header, *others = (tuple(row) for row in rows)
    return Table(header, tuple(others))
