"""The report as .docx: what Word and LibreOffice find in it."""

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx.oxml.ns import qn

from genmodels.export.report.document import Equation, Heading, Paragraph, Span, Table, name
from genmodels.export.report.word import word
from tests.support.documents import document, figure, made, opened

BLOCKS = (
    Heading((Span("1. A part"),), 1),
    Heading((Span("A section"),), 2),
    Paragraph((Span("Words, "), Span("strong", "strong"), Span(" and "), Span("x^2", "math"))),
    Paragraph((Span("an item"),), "item"),
    Paragraph((Span("nothing yet"),), "note"),
    Equation(r"\frac{a}{b}"),
    figure((Span("What it shows."),)),
    Table(((Span("A"),), (Span("B"),)), ((name("1"), name("2")),), (Span("Some numbers."),), 1),
)


def xml(data: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(part).decode()


def test_headings_captions_and_lists_are_so_by_their_style():
    file = opened(word(document(*BLOCKS, author="Sara")))
    by_style = {paragraph.style.name: paragraph.text for paragraph in reversed(file.paragraphs)}
    assert by_style["Title"] == "A title"
    assert (by_style["Heading 1"], by_style["Heading 2"]) == ("1. A part", "A section")
    assert by_style["List Bullet"] == "an item"
    assert [p.text for p in file.paragraphs if p.style.name == "Caption"] == [
        "Figure 1. What it shows.",
        "Table 1. Some numbers.",
    ]
    assert file.core_properties.author == "Sara"


def test_numbers_of_captions_are_fields_and_figures_have_words():
    text = xml(word(document(*BLOCKS)))
    assert "SEQ Figure" in text
    assert "SEQ Table" in text
    assert 'descr="What it shows."' in text


def test_equations_are_equations():
    body = opened(word(document(*BLOCKS))).element.body
    assert len(list(body.iter(qn("m:oMathPara")))) == 1
    assert len(list(body.iter(qn("m:oMath")))) == 2
    assert len(list(body.iter(qn("m:f")))) == 1


def test_tables_have_their_cells():
    (table,) = opened(word(document(*BLOCKS))).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["A", "B"], ["1", "2"]]


def test_columns_are_as_wide_as_their_texts_ask_for():
    rows = tuple(((Span("model"),), (Span("a long text " * 20),), (Span("1"),)) for _ in range(2))
    (table,) = opened(word(document(Table(((Span("A"),), (Span("B"),), (Span("C"),)), rows)))).tables
    first, second, third = (column.width.cm for column in table.columns)
    assert 4 > first > third > 1
    assert second > 2 * (first + third)
    assert first + second + third == pytest.approx(16, abs=0.01)


def test_persian_runs_from_the_right_and_latin_within_it_does_not():
    text = Paragraph((Span("شبکهٔ DCGAN با FID 12.9 آموزش دید"),))
    data = word(document(text, *BLOCKS, language="fa", title="گزارش"))
    file = opened(data)
    assert file.styles["Normal"].element.pPr.find(qn("w:bidi")) is not None
    (paragraph,) = (p for p in file.paragraphs if "DCGAN" in p.text)
    assert {run.text: bool(run.font.rtl) for run in paragraph.runs} == {
        "شبکهٔ ": True,
        "DCGAN": False,
        " با ": True,
        "FID 12.9": False,
        " آموزش دید": True,
    }
    assert "w:bidiVisual" in xml(data)
    assert any("شکل ۱. " in p.text for p in file.paragraphs)


@pytest.mark.parametrize(("language", "told", "proofed"), [("en", "val", "en-US"), ("fa", "bidi", "fa-IR")])
def test_it_is_proofed_in_its_language(language: str, told: str, proofed: str):
    data = word(document(*BLOCKS, language=language))
    (found,) = opened(data).styles.element.iter(qn("w:lang"))
    assert found.get(qn(f"w:{told}")) == proofed
    assert f"<dc:language>{proofed}</dc:language>" in xml(data, "docProps/core.xml")


def test_it_says_when_and_of_whom_it_is_and_not_of_the_template():
    facts = opened(word(document(title="T", author="سارا"))).core_properties
    assert (facts.title, facts.author, facts.last_modified_by, facts.comments) == ("T", "سارا", "سارا", "")
    for told in (facts.created, facts.modified):
        assert abs(datetime.now(UTC) - told) < timedelta(minutes=1)


def test_english_has_no_direction_of_its_own():
    text = xml(word(document(*BLOCKS)))
    assert "w:rtl" not in text
    assert "w:bidi" not in text


def test_what_xml_cannot_hold_is_no_error():
    file = opened(word(document(Paragraph((Span("a\x00b\x1f<&>\ud800"),)), title="t\x07", author="\x01")))
    assert any("<&>" in paragraph.text for paragraph in file.paragraphs)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_texts_of_a_whole_part_are_written(language: str):
    file = opened(word(made("elbo", "noise", "cgan", language=language)))
    assert len(list(file.element.body.iter(qn("m:oMath")))) > 10
    assert sum(paragraph.style.name == "Heading 2" for paragraph in file.paragraphs) == 3


def test_no_column_is_narrower_than_its_longest_word():
    command = (Span("python train.py dcgan --dataset mnist --epochs 12 --schedule cosine --latent-dim 6", "code"),)
    row = (
        name("dcgan-mnist"),
        command,
        name("cpu (x86_64)"),
        name("python 3.11.7, torch 2.14.1+cu130"),
        name("10/8.9"),
    )
    header = tuple((Span(letter),) for letter in "ABCDE")
    (table,) = opened(word(document(Table(header, (row, row))))).tables
    widths = [column.width.pt for column in table.columns]
    words = ("dcgan", "python", "(x86_64)", "2.14.1+cu130", "10/8.9")
    for width, longest in zip(widths, words, strict=True):
        assert width > 10.8 + 5 * len(longest), "the edges of a cell, and letters of 9 points"


def test_rows_that_belong_together_stay_on_one_page():
    rows = tuple(((Span(f"{number}"),),) for number in range(20))
    (table,) = opened(word(document(Table(((Span("A"),),), rows, together=2)))).tables
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
    assert kept == [True, *[True, None] * 10], "the header with the first entry"


def test_a_column_has_room_for_its_longest_equation():
    equation = (Span(r"\mathbb E_x \max(0, 1 - D(x)) + \mathbb E_z \max(0, 1 + D(G(z)))", "math"),)
    words = (Span("an objective that has a long name with its source, of many authors and their year"),)
    (table,) = opened(word(document(Table(((Span("A"),), (Span("B"),)), ((words, equation),))))).tables
    assert table.columns[1].width.cm > 8, "as LibreOffice draws it"


@pytest.mark.parametrize(("language", "spaced"), [("en", True), ("fa", False)])
def test_no_space_tears_joined_letters_apart(language: str, spaced: bool):
    styles = opened(word(document(*BLOCKS, language=language))).styles.element
    assert any(spacing.get(qn("w:val")) for spacing in styles.iterfind(f".//{qn('w:rPr')}/{qn('w:spacing')}")) == spaced
