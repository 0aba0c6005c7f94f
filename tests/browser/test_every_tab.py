"""Every equation is drawn: none is left as its source on any page, tab, expander or popover, in any language."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from genmodels.config.families import FAMILIES
from genmodels.ui.models.scores import SCORES
from genmodels.ui.shell.explanation import LANGUAGES
from tests.browser.app import press_tab, wait_for_script

# What KaTeX could not read, which it leaves in red, and text outside of what it drew that still looks like TeX.
UNDRAWN = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [...document.querySelectorAll(".katex-error")].map((e) => e.textContent);
    while (texts.nextNode()) {
        const { data, parentElement } = texts.currentNode;
        if (/\\$|\\\\[a-z]+/i.test(data) && !parentElement.closest(".katex, .katex-error, code, script, style")) found.push(data);
    }
    return found;
}"""
PAGES = {
    "": [],
    "vae": ["Train", "Latent space", "Decoder", "Inside the network", "VAE vs. GAN"],
    "dcgan": ["Train", "Compare objectives", "Latent space", "Inside the network", "Film", "The objectives"],
    "conditional": ["Train", "Classes", "Complete the picture", "Label fidelity", "Inside the network", "Film"],
    "conditional?run=infogan-mnist": ["Train", "Codes", "What the codes mean", "Inside the network", "Film"],
    "runs": [],
}
EQUATIONS = {
    "vae": 10,
    "dcgan": 1,
    "conditional": 10,
    "conditional?run=infogan-mnist": 10,
}  # at least, in what explains the page


def unfold(page: Page) -> Iterator[None]:
    """Open what is folded on the page, and then one popover after the other, of which one is open at a time."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((summary) => summary.click())")
    yield
    for popover in page.get_by_test_id("stMain").get_by_test_id("stPopover").get_by_role("button").all():
        popover.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        yield
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_every_equation_is_drawn(page: Page, address: str, path: str):
    page.goto(address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_for_script(page)
    if PAGES[path]:
        assert page.get_by_role("tablist").first.get_by_role("tab").all_inner_texts() == PAGES[path]
    for tab in PAGES[path] or [""]:
        if tab:
            press_tab(page, tab)
        for code, language in LANGUAGES.items():
            page.get_by_test_id("stSidebar").get_by_role("radio", name=language).click()
            wait_for_script(page)
            drawn = page.locator(f"[class*=st-key-explanation-{code}] .katex-html")
            for popover, _ in enumerate(unfold(page)):
                if tab and popover == 1:  # the first in the page's head
                    expect(drawn.nth(EQUATIONS[path] - 1)).to_be_visible()
                assert page.evaluate(UNDRAWN) == [], (tab, language)


def test_no_help_has_an_equation_that_could_fail():
    """Help shows only when one hovers over it, so its texts are looked at where they are written."""
    helps = [field.description or "" for config in FAMILIES.values() for field in config.model_fields.values()]
    helps += [score.help for score in SCORES.values()]
    helps += [curve.help for config in FAMILIES.values() for curve in config.curves]
    assert not [text for text in helps if re.search(r"\$|\\[a-z]", text)]
