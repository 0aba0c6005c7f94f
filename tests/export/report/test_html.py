"""The report as HTML: whole, escaped, and in the direction of its language."""

import re

import pytest

from genmodels.export.report.document import Paragraph, Span, Table, name
from genmodels.export.report.html import html
from tests.support.documents import document, figure, made

SCRIPT = "<script>alert('&')</script>"


def test_what_users_say_is_shown_and_never_run():
    blocks = (
        Paragraph((Span(SCRIPT), Span(SCRIPT, "name"), Span(SCRIPT, "code"))),
        figure((Span(SCRIPT, "name"),)),
        Table((name(SCRIPT),), ((name(SCRIPT),),), name(SCRIPT), 1),
    )
    text = html(document(*blocks, title=SCRIPT, author=SCRIPT))
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 10


def test_nothing_in_it_may_load_anything():
    for language in ("en", "fa"):
        text = html(document(figure((Span("c"),)), language=language))
        assert "default-src 'none'" in text
        assert re.findall(r"(?:src|href)=[\"'](?!data:)|url\((?!data:)", text) == []


def test_persian_runs_from_the_right_in_a_font_that_comes_along():
    text = html(made("elbo", language="fa"))
    assert '<html lang="fa" dir="rtl">' in text
    assert text.count('@font-face { font-family: "Vazirmatn"') == 2
    assert '<div class="equation" dir="ltr"><math display="block">' in text
    english = html(made("elbo"))
    assert 'dir="ltr">' in english
    assert english.count("@font-face") == 1, "that of equations"


def test_figures_have_their_number_caption_and_words():
    text = html(document(figure((Span("What it shows."),), 3)))
    assert "<b>Figure 3.</b> " in text
    assert 'alt="What it shows."' in text


def test_it_can_be_printed_and_the_button_is_not_on_paper():
    text = html(document())
    assert '<button type="button" onclick="print()">Print or save as PDF</button>' in text
    assert re.search(r"@media print \{\s+button \{\s+display: none", text)


def rows(count: int, text: str = "x") -> tuple:
    return tuple((name(text),) for _ in range(count))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (Table((name("A"),), rows(8)), [8]),
        (Table((name("A"),), rows(30)), [2, *[1] * 26, 2]),
        (Table((name("A"),), rows(30), together=2), [2] * 15),
        (Table((name("A"),), rows(4, "long " * 50)), [2, 2]),
    ],
)
def test_a_page_parts_no_entry_of_a_table_and_no_short_table(table: Table, expected: list[int]):
    assert [len(group) for group in table.groups] == expected
    bodies = re.findall(r"<tbody>(.*?)</tbody>", html(document(table)), re.DOTALL)
    assert [body.count("<tr>") for body in bodies] == expected
