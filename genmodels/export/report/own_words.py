"""What somebody has written for a section becomes blocks. It may come from anyone: what is not named here stays text."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from textwrap import shorten
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, emphasis
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar

from genmodels.export.report.choice import LONGEST_WORDS
from genmodels.export.report.direction import direction
from genmodels.export.report.document import Block, Equation, Paragraph, Span
from genmodels.export.report.markup import spans
from genmodels.export.report.mathml import mathml
from genmodels.export.report.omml import omml
from genmodels.language import Message, counted

ITEM = "- "  # begins a line that is one of a list
DISPLAYED = re.compile(r"\$\$(.+)\$\$", re.DOTALL)
LONGEST_EQUATION = 1000  # characters
MOST_SHOWN = 80  # of one that is not understood
DOLLARS = {spaced: math_inline_dollar(allow_space=spaced, allow_digits=False) for spaced in (False, True)}
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)  # or what is escaped, as in \{


def own_words(text: str) -> Iterator[Block]:
    """A paragraph where a line is left empty, with its lines as they are; lists, equations, **bold** and *emphasis*."""
    for part in _parts(text):
        found = DISPLAYED.fullmatch(part.strip())
        if found and _is_understood(found[1], display=True):
            yield Equation(found[1].strip())
        else:
            yield from _paragraphs(part)


def left_as_typed(texts: Iterable[str]) -> Message | None:
    """That equations of own words are not understood, and which is the first; None where all are."""
    found = [equation for text in texts for part in _parts(text) for equation in _not_understood(part)]
    if not found:
        return None
    return counted(
        "`{first}` is not understood as LaTeX and stays as it is typed: write it another way.",
        "{n:,} equations are not understood as LaTeX and stay as they are typed, the first of them `{first}`: write them another way.",
        n=len(found),
        first=shorten(found[0].replace("`", "'"), MOST_SHOWN, placeholder="…"),
    )


def _not_understood(part: str) -> Iterator[str]:
    if found := DISPLAYED.fullmatch(part.strip()):
        if not _is_understood(found[1], display=True):
            yield found[0]
        return
    (inline,) = _parser().parseInline(part)
    for span in spans(inline):
        if span.kind == "math" and not _is_understood(span.text):
            yield f"${span.text}$"


def without_controls(text: str) -> str:
    """A text without the characters that no typeface has, which would be drawn as boxes."""
    return CONTROLS.sub("", text)


def _parts(text: str) -> list[str]:
    """Between empty lines."""
    text = without_controls(text[:LONGEST_WORDS].replace("\r\n", "\n").replace("\r", "\n"))
    return re.split(r"\n\s*\n", text)


def _paragraphs(part: str) -> Iterator[Paragraph]:
    """Each item, and the lines before, between and after items, of a part without an empty line."""
    lines: list[str] = []
    for line in [line.strip() for line in part.splitlines()]:
        if line.startswith(ITEM):
            yield from _plain(lines)
            lines = []
            yield _paragraph(line.removeprefix(ITEM), "item")
        elif line:
            lines.append(line)
    yield from _plain(lines)


def _plain(lines: list[str]) -> Iterator[Paragraph]:
    if lines:
        yield _paragraph("\n".join(lines), "plain")


def _paragraph(lines: str, kind: Literal["plain", "item"]) -> Paragraph:
    (inline,) = _parser().parseInline(lines)
    text = tuple(map(_told, spans(inline, Span("\n", "break"))))
    return Paragraph(text, kind, direction("".join(span.text for span in text if span.kind != "math")))


def _told(span: Span) -> Span:
    """An equation that cannot be drawn as what was typed."""
    return span if span.kind != "math" or _is_understood(span.text) else Span(f"${span.text}$")


def _is_understood(latex: str, *, display: bool = False) -> bool:
    if len(latex) > LONGEST_EQUATION or not _closes_its_braces(latex):
        return False
    try:
        mathml(latex, display)
        omml(latex, display)
    except Exception:  # whatever the library says of LaTeX that is none
        return False
    return True


def _closes_its_braces(latex: str) -> bool:
    """The library would close them itself."""
    deep = 0
    for brace in BRACE.findall(latex):
        deep += {"{": 1, "}": -1}.get(brace, 0)
        if deep < 0:
            return False
    return deep == 0


@cache
def _parser() -> MarkdownIt:
    """Of no HTML, links and images, and no emphasis within a word or a product, nor by the strokes that are in names of code."""
    parser = MarkdownIt("zero").enable(["newline", "emphasis"]).use(dollarmath_plugin, allow_digits=False)
    parser.inline.ruler.at("emphasis", _stars)
    parser.inline.ruler.at("math_inline", _dollars)
    return parser


def _dollars(state: StateInline, silent: bool) -> bool:
    """As the plugin's own rule, but a dollar after a blank closes only what begins with one: "$6, and $x$" is a price and an equation."""
    return DOLLARS[state.src[state.pos + 1 :][:1].isspace()](state, silent)


def _stars(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "*":
        return False
    end = state.pos + state.scanDelims(state.pos, canSplitWord=True).length
    if not (state.src[: state.pos][-1:].isalnum() and state.src[end:][:1].isalnum()):
        return emphasis.tokenize(state, silent)
    state.pending += state.src[state.pos : end]  # within a product, such as 2*3*4
    state.pos = end
    return True
