"""Documents for tests: small ones, and what there is in them."""

import io

import pytest
from docx import Document as read_docx
from PIL import Image

from genmodels.errors import UserError
from genmodels.export.report import plots
from genmodels.export.report.choice import Choice
from genmodels.export.report.document import Block, Document, Figure, Paragraph, Picture, Text, plain_words
from genmodels.export.report.report import make
from genmodels.latent.tsne import TSNE
from genmodels.runs.store import Store


def refuse(tsne: TSNE) -> bool:
    """To start a map."""
    raise UserError("Nobody computes here.")


def made(*sections: str, language: str = "en", own: dict[str, str] | None = None, **models: str) -> Document:
    """The document of these sections and models, in which no t-SNE map is computed."""
    choice = Choice(models, language=language, sections=frozenset(sections), own=own or {})
    return make(Store(), choice, refuse)


def notes(document: Document) -> list[str]:
    return [
        plain_words(block.text) for block in document.blocks if isinstance(block, Paragraph) and block.kind == "note"
    ]


def captions(document: Document) -> list[str]:
    return [plain_words(block.caption) for block in document.blocks if isinstance(block, Figure)]


def document(*blocks: Block, language: str = "en", title: str = "A title", author: str = "") -> Document:
    figure, table = {"en": ("Figure", "Table"), "fa": ("شکل", "جدول")}[language]
    return Document(title, author, "2026-05-01", language, figure, table, blocks)


def figure(caption: Text, number: int = 1) -> Figure:
    """A small one."""
    buffer = io.BytesIO()
    Image.new("L", (20, 20), 90).save(buffer, format="png")
    return Figure(Picture(buffer.getvalue(), width=0.3), caption, number)


def opened(data: bytes):
    """A .docx as python-docx reads it."""
    return read_docx(io.BytesIO(data))


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings of few dots, which take less time."""
    monkeypatch.setattr(plots, "DPI", 40)
    monkeypatch.setattr(plots, "MOST_PIXELS", 250)
