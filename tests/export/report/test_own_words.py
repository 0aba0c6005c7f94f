"""Own words: what is taken of them, and what stays text."""

import re

import pytest
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from genmodels.export.report.document import Equation, Paragraph, Span, plain_words
from genmodels.export.report.html import html
from genmodels.export.report.own_words import left_as_typed, own_words
from genmodels.export.report.word import word
from tests.support.documents import document, made, opened

BREAK = Span("\n", "break")
WORDS = "My **bold** answer:\nsee $\\frac{1}{2}$\n- one *x*\n- two\n\n$$\\sum_{i=1}^n \\sqrt{x_i}$$"
UNTAKEN = [
    *("<script>alert(1)</script>", "<b>b</b>", "&lt;b&gt;", "2*3*4 = 24", "x**2*y**3", "[a](http://example.com)", "![a](http://example.com/x.png)"),
    *("<http://example.com>", "http://example.com", "# a", "> a", "1. a", "`a`", "__init__.py", "a_b_c", "{seed}", "{{curves vae}}"),
    *(r"$\href{javascript:alert(1)}{x}$", r"$\text{<script>alert(1)</script>}$", r"$\text{<b>x</b>}$", r"$\color{red}{x}$"),
    *("$x^$", r"$\nosuchthing$", "from $5 to $6", r"$5 and $6, and a broken $\frac{1}{ x$", r"$\frac{1}{2$", "$x}$", f"${'{' * 900}$", f"$x{' + x' * 400}$"),
]  # fmt: skip


def test_line_breaks_lists_equations_and_emphasis_are_taken():
    assert [*own_words(WORDS)] == [
        Paragraph(
            (
                *(Span("My "), Span("bold", "strong"), Span(" answer:"), BREAK),
                *(Span("see "), Span(r"\frac{1}{2}", "math")),
            ),
            direction="ltr",
        ),
        Paragraph((Span("one "), Span("x", "emphasis")), "item", "ltr"),
        Paragraph((Span("two"),), "item", "ltr"),
        Equation(r"\sum_{i=1}^n \sqrt{x_i}"),
    ]


def test_bold_goes_on_after_what_is_emphasised_in_it():
    (paragraph,) = own_words("**a *b* c**")
    assert isinstance(paragraph, Paragraph)
    assert [span.kind for span in paragraph.text] == ["strong", "emphasis", "strong"]


@pytest.mark.parametrize(
    ("typed", "emphasised"),
    [("*word*, 2*3", "word"), ("(**a b**)", "a b"), ("**مدل**\u200cها", "مدل"), ("*a*b*c*", "a*b*c")],
)
def test_stars_around_words_emphasise_them(typed: str, emphasised: str):
    (paragraph,) = own_words(typed)
    assert isinstance(paragraph, Paragraph)
    assert "".join(span.text for span in paragraph.text if span.kind != "text") == emphasised


def test_an_empty_line_begins_a_paragraph_also_where_it_has_spaces():
    assert [*own_words("a\r\n \r\nb\n\n\n")] == [Paragraph((Span(letter),), direction="ltr") for letter in "ab"]


@pytest.mark.parametrize("equation", ["x^2", " x^2 "])
def test_an_equation_after_two_prices_is_one(equation: str):
    assert [*own_words(f"It was $5 and then $6 here. That ${equation}$ is right.")] == [
        Paragraph(
            (Span("It was $5 and then $6 here. That "), Span(equation, "math"), Span(" is right.")), direction="ltr"
        )
    ]


@pytest.mark.parametrize("text", UNTAKEN)
def test_all_else_stays_text(text: str):
    (paragraph,) = own_words(text)
    assert isinstance(paragraph, Paragraph)
    assert plain_words(paragraph.text) == text
    assert {span.kind for span in paragraph.text} == {"text"}
    shown = html(document(paragraph))
    assert not re.search(r"<(script|b|img)\b[^>]*>|<a |javascript:alert\(1\)[\"']", shown.partition("</header>")[2])
    assert word(document(paragraph))


def test_what_is_not_understood_is_told_with_the_first_and_how_many():
    first, displayed = r"we see $\nosuchthing x$ and $x^2$", "$$\\nope\n+ `a`$$"
    assert left_as_typed([WORDS, r"from $5 to $6, then $ more, $\arg\max_x f$ and $ \{x\} $"]) is None
    assert "`$\\frac{1}{2$`" in (left_as_typed([r"half, $\frac{1}{2$"]) or "")
    assert left_as_typed([WORDS, first]) == (
        r"`$\nosuchthing x$` is not understood as LaTeX and stays as it is typed: write it another way."
    )
    assert left_as_typed([displayed, first]) == (
        r"2 equations are not understood as LaTeX and stay as they are typed, the first of them `$$\nope + 'a'$$`: "
        "write them another way."
    )
    assert len(left_as_typed([f"$\\nosuchthing {'+ x ' * 300}$"]) or "") < 200


def test_control_characters_are_dropped():
    (paragraph,) = own_words("be\x07ll,\x0b \x85tab\tstays")
    assert isinstance(paragraph, Paragraph)
    assert plain_words(paragraph.text) == "bell, tab\tstays"


def test_they_are_the_same_in_both_formats():
    blocks = made("noise", own={"noise": WORDS}).blocks[-4:]
    shown = html(document(*blocks)).partition("</header>")[2]
    assert re.search(r"<p dir=\"ltr\">My <strong>bold</strong> answer:<br>\s*see <bdi dir=\"ltr\"><math", shown)
    assert shown.count('<p class="item" dir="ltr">') == 2
    assert shown.count('<div class="equation"') == 1
    file = opened(word(document(*blocks)))
    assert "My bold answer:\nsee " in [paragraph.text for paragraph in file.paragraphs]
    assert [paragraph.style.name for paragraph in file.paragraphs].count("List Bullet") == 2
    assert file.element.body.xml.count("<m:oMath>") == 2


@pytest.mark.parametrize("language", ["en", "fa"])
def test_each_paragraph_runs_as_its_first_letter_does(language: str):
    own = "An English one.\n\n**مدل** VAE است.\n- مورد\n- 12 items\n\n$x$ را ببینید\n\n1 + 1"
    blocks = [*own_words(own)]
    shown = html(document(*blocks, language=language)).partition("</header>")[2]
    assert re.findall(r"<p(?: class=\"item\")?(?: dir=\"(...)\")?>", shown) == ["ltr", "rtl", "rtl", "ltr", "rtl", ""]
    paragraphs = opened(word(document(*blocks, language=language))).paragraphs[-6:]
    from_the_right = {"en": [0, 1, 1, 0, 1, 0], "fa": [0, 1, 1, 0, 1, 1]}[language]
    assert [_runs_from_the_right(paragraph._p, language) for paragraph in paragraphs] == [*map(bool, from_the_right)]
    assert [run.text for paragraph in paragraphs for run in paragraph.runs if run.font.rtl and "مدل" in run.text]
    assert not [run.text for run in paragraphs[0].runs if run.font.rtl]


def _runs_from_the_right(paragraph: BaseOxmlElement, language: str) -> bool:
    found = paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}")
    return language == "fa" if found is None else found.get(qn("w:val")) == "1"
