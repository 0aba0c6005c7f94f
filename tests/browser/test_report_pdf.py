"""The report as PDF: its pages as a reader sees them."""

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page

from genmodels.export.report.document import Span
from genmodels.export.report.html import html
from genmodels.export.report.pdf import browser, pdf
from tests.support.documents import document, figure, made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_its_pages_are_printed_with_all_that_is_in_it(language: str):
    document = made("elbo", "noise", "cgan", language=language)
    document = replace(document, title="Report 123", blocks=(*document.blocks, figure((Span("Last figure"),))))
    file = pypdfium2.PdfDocument(pdf(html(document)))
    text = "".join(page.get_textpage().get_text_range() for page in file)
    assert "Report 123" in text
    assert "Last figure" in text
    assert "Print or save" not in text
    width, height = file[0].get_size()
    assert (round(width), round(height)) == (595, 842), "A4 in points"
    for page in file:
        ink = np.asarray(page.render(scale=0.5).to_pil().convert("L")) < 128
        assert 0.001 < ink.mean() < 0.5
        assert not ink[:, :15].any(), "nothing in the margin is cut"
        assert not ink[:, -15:].any()


@pytest.mark.parametrize(("language", "first"), [("en", "1"), ("fa", "۱")])
def test_its_pages_are_counted_in_the_digits_of_its_language(language: str, first: str):
    page = pypdfium2.PdfDocument(pdf(html(made("elbo", language=language))))[0]
    foot = page.get_textpage().get_text_bounded(top=20 / 25.4 * 72)  # within the margin
    assert foot.strip() == first


def test_it_names_its_author_in_any_letters():
    found = document(author="علی Ünal (a>>b)")
    file = pypdfium2.PdfDocument(pdf(html(found), found.author))
    told = file.get_metadata_dict()
    assert (told["Author"], told["Title"]) == (found.author, found.title)
    assert len(file) == 1


def test_a_browser_that_has_no_window_prints_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    shell = shutil.which("chromium-headless-shell")
    if shell is None:
        pytest.skip("no chromium-headless-shell on this machine")
    (tmp_path / "chromium-headless-shell").symlink_to(shell)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser() == str(tmp_path / "chromium-headless-shell")
    assert pdf(html(made("elbo"))).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_brace_is_as_wide_as_the_term_above_it(language: str, page: Page):
    page.set_content(html(made("elbo", language=language)))
    places = page.evaluate(
        """async () => (await document.fonts.ready, [...document.querySelectorAll("munder > mo")].map((brace) => {
            const [drawn, term] = [brace, brace.previousSibling].map((part) => part.getBoundingClientRect());
            return { x: term.x, y: drawn.y, width: term.width, height: drawn.height };
        }))"""
    )
    assert len(places) == 2
    for place in places:  # as it is seen: its box has the width of a brace that is not stretched
        ink = np.asarray(Image.open(BytesIO(page.screenshot(clip=place))).convert("L")) < 200
        assert ink.any(0).mean() > 0.9
