"""A document as .docx, which Word and LibreOffice open and in which one can go on writing: headings and captions by style, numbers
as fields, equations as equations, and text from right to left where its language runs so."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from babel import Locale
from babel.core import get_global
from docx import Document as new_document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from genmodels.export.report.document import (
    Document,
    Equation,
    Figure,
    Heading,
    Paragraph,
    Span,
    Table,
    Text,
    plain_words,
)
from genmodels.export.report.mathml import tree
from genmodels.export.report.omml import omml
from genmodels.export.report.words import counted
from genmodels.language import FROM_THE_RIGHT

WIDTH = Cm(16)  # of the text on A4
LATIN = re.compile(r"[A-Za-z0-9](?:[ -~]*[A-Za-z0-9%])?")  # what runs from the left within Persian
UNFIT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
TABLE_STYLE, TABLE_TEXT, QUIET = "Light Shading", "Table Text", RGBColor(0x44, 0x44, 0x44)
MOST_LETTERS = 48  # of a line, in the widest column of a table
LETTERS, MARGINS = 100, 6  # of a line across the page in the text of tables; of which the edges of a cell take some
LETTERS_OF_MATH = 1.4  # of the text of tables, that one of an equation is as wide as
BREAK = re.compile(r"[\s-]+")  # where a line may end
FONTS = {"ascii": "Calibri", "hAnsi": "Calibri", "cs": "Arial"}  # the last for Persian: Office has it everywhere
# What comes after w:bidi in w:pPr, in the order that the standard demands (ISO/IEC 29500-1, 17.3.1.26).
AFTER_BIDI = tuple(
    f"w:{name}"
    for name in (
        *(
            "adjustRightInd",
            "snapToGrid",
            "spacing",
            "ind",
            "contextualSpacing",
            "mirrorIndents",
            "suppressOverlap",
            "jc",
        ),
        *("textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr"),
        "pPrChange",
    )
)


def word(document: Document) -> bytes:
    """The file."""
    return _Writer(document).written()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.right = document.language in FROM_THE_RIGHT
        self.file: WordDocument = new_document()

    def written(self) -> bytes:
        self._set_up()
        self._title()
        for block in self.document.blocks:
            match block:
                case Heading():
                    self._fill(self.file.add_heading(level=block.level), block.text)
                case Paragraph():
                    self._paragraph(block)
                case Equation():
                    self.file.add_paragraph()._p.append(omml(block.latex, display=True))
                case Figure():
                    self._figure(block)
                case Table():
                    self._table(block)
        buffer = io.BytesIO()
        self.file.save(buffer)
        return buffer.getvalue()

    def _set_up(self) -> None:
        core = self.file.core_properties
        core.title, core.comments = _fit(self.document.title), ""
        core.author = core.last_modified_by = _fit(self.document.author)
        # The template has a time of its own, as it has a language in which Word proofs.
        core.created = core.modified = datetime.now(UTC)
        core.language = proofed = _with_country(self.document.language)
        self.file.styles.element.find(f".//{qn('w:lang')}").set(qn("w:bidi" if self.right else "w:val"), proofed)
        for section in self.file.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm(2.5)
            section.top_margin = section.bottom_margin = Cm(2.2)
        normal: Any = self.file.styles["Normal"]
        normal.font.size = Pt(11)
        in_tables: Any = self.file.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH)
        in_tables.base_style, in_tables.font.size = normal, Pt(9)
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption", TABLE_TEXT):
            self._set_fonts(self.file.styles[name])
        if self.right:  # all other styles are based on this one
            properties = normal.element.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
            for spacing in self.file.styles.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
                spacing.getparent().remove(spacing)  # it would tear joined letters apart

    def _set_fonts(self, style: Any) -> None:
        """The same font in all places of a style that may name one; Persian as large and as bold as Latin."""
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        fonts.attrib.clear()
        for kind, font in FONTS.items():
            fonts.set(qn(f"w:{kind}"), font)
        style.font.cs_bold = style.font.bold
        for old in properties.findall(qn("w:szCs")):
            properties.remove(old)
        properties.find(qn("w:sz")).addnext(_with("w:szCs", {"w:val": str(int(style.font.size.pt * 2))}))
        style.font.color.rgb = QUIET if style.name == "Caption" else RGBColor(0x1A, 0x1A, 0x1A)

    def _title(self) -> None:
        for line, style in ((self.document.title, "Title"), (self.document.author, None), (self.document.date, None)):
            if line:
                paragraph = self.file.add_paragraph(style=style)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                self._fill(paragraph, (Span(line),))

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self.file.add_paragraph(style="List Bullet" if block.kind == "item" else None)
        right = self.right if block.direction is None else block.direction == "rtl"
        if right != self.right:
            bidi = _with("w:bidi", {"w:val": "1" if right else "0"})
            paragraph._p.get_or_add_pPr().insert_element_before(bidi, *AFTER_BIDI)
        self._fill(paragraph, block.text, right)
        if block.kind == "note":
            for run in paragraph.runs:
                run.italic = run.font.cs_italic = True

    def _figure(self, block: Figure) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run()
        run.add_picture(io.BytesIO(block.picture.png), width=int(WIDTH * min(1.0, block.picture.width)))
        for shown in run._r.iter(qn("wp:docPr")):
            shown.set("descr", _fit(plain_words(block.caption)))  # for those who do not see it
        self._caption(block, "Figure", self.document.figure)

    def _table(self, block: Table) -> None:
        if block.caption:
            self._caption(block, "Table", self.document.table).paragraph_format.keep_with_next = True
        table: Any = self.file.add_table(rows=0, cols=len(block.header), style=TABLE_STYLE)
        if self.right:
            table.table_direction = 1  # w:bidiVisual: the first column at the right
        widths = _widths(block)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        followed = [True, *(row is not group[-1] for group in block.groups for row in group)]
        for texts, kept in zip((block.header, *block.rows), followed, strict=True):
            row = table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = width
                cell.paragraphs[0].style = TABLE_TEXT
                cell.paragraphs[0].paragraph_format.keep_with_next = kept or None
                self._fill(cell.paragraphs[0], text)
        table.rows[0]._tr.trPr.append(OxmlElement("w:tblHeader"))  # again on each page
        self.file.add_paragraph()

    def _caption(self, block: Figure | Table, sequence: str, name: str) -> WordParagraph:
        """With a number that Word counts again when something is put between; LibreOffice counts in Latin digits, whatever the format."""
        paragraph = self.file.add_paragraph(style="Caption")
        if block.number:
            self._fill(paragraph, (Span(f"{name} "),))
            _field(paragraph, f"SEQ {sequence} \\* ARABIC", counted(block.number, self.document.language))
            self._fill(paragraph, (Span(". "),))
        self._fill(paragraph, block.caption)
        return paragraph

    def _fill(self, paragraph: WordParagraph, text: Text, right: bool | None = None) -> None:
        """``right``: whether the paragraph runs from there, where not as the document does."""
        for span in text:
            if span.kind == "math":
                paragraph._p.append(omml(span.text))
                continue
            for part, from_the_right in _directed(span, self.right if right is None else right):
                run = paragraph.add_run(part)
                if span.kind == "strong":
                    run.bold = run.font.cs_bold = True
                elif span.kind == "emphasis":
                    run.italic = run.font.cs_italic = True
                elif span.kind == "code":
                    run.font.name = "Consolas"
                if from_the_right:
                    run.font.rtl = True


def _directed(span: Span, right: bool) -> Iterator[tuple[str, bool]]:
    """The parts of a text that run in one direction each, and whether that is from the right, as the paragraph is."""
    text = _fit(span.text)
    if not right or span.kind == "code":
        yield text, False
        return
    end = 0
    for found in LATIN.finditer(text):
        if found.start() > end:
            yield text[end : found.start()], True
        yield found[0], False
        end = found.end()
    if end < len(text):
        yield text[end:], True


def _widths(table: Table) -> list[int]:
    """Of the columns: room for the longest word of each, and what is left in the measure of the longest texts."""
    columns = [
        ["".join(map(_drawn, text)) for text in column] for column in zip(table.header, *table.rows, strict=True)
    ]
    least = [MARGINS + max(len(word) for text in column for word in BREAK.split(text)) for column in columns]
    most = [MARGINS + min(max(map(len, column)), MOST_LETTERS) for column in columns]
    left = max(0, LETTERS - sum(least)) / (sum(most) - sum(least) or 1)
    letters = [low + left * max(0, high - low) for low, high in zip(least, most, strict=True)]
    return [int(WIDTH * count / sum(letters)) for count in letters]


def _drawn(span: Span) -> str:
    """Something as wide; LibreOffice keeps an equation on one line, and in the size of the page's text."""
    if span.kind != "math":
        return span.text
    return "x" * int(LETTERS_OF_MATH * len("".join(tree(span.text).itertext())))


def _with_country(language: str) -> str:
    """The language of the country where most speak it, such as ``fa-IR``: Word knows none without."""
    whole = Locale.parse(get_global("likely_subtags")[language])
    return f"{whole.language}-{whole.territory}"


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", text)


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """A field of Word's with what it shows until it is counted again."""
    for kind, content in (("begin", None), (None, instruction), ("separate", None), ("shown", shown), ("end", None)):
        run = paragraph.add_run(content if kind == "shown" else "")
        if kind in ("begin", "separate", "end"):
            run._r.append(_with("w:fldChar", {"w:fldCharType": kind}))
        elif kind is None:
            element = _with("w:instrText", {"xml:space": "preserve"})
            element.text = f" {content} "
            run._r.append(element)


def _with(name: str, values: dict[str, str]) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(key), value)
    return element
