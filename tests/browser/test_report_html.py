"""The report as HTML, on a telephone."""

import pytest
from playwright.sync_api import Page

from genmodels.export.report.document import Equation
from genmodels.export.report.html import html
from genmodels.export.report.words import words
from tests.support.documents import document

WIDE = "+".join(["x"] * 40)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_equation_is_cut_at_the_edge_of_a_telephone(page: Page, language: str):
    page.set_viewport_size({"width": 390, "height": 800})
    page.set_content(html(document(*words(language).explained("vae", Equation), Equation(WIDE), language=language)))
    *own, wide = page.locator(".equation").all()
    for equation in own:
        assert equation.evaluate("box => box.scrollWidth <= box.clientWidth"), equation.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    last = wide.locator("mi").last
    last.evaluate("letter => letter.scrollIntoView({ inline: 'end' })")
    assert wide.evaluate("box => box.scrollLeft") > 100
    assert last.evaluate("letter => letter.getBoundingClientRect().right") <= 390
