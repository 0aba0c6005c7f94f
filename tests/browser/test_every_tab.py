"""One walk over every page, tab, expander and popover: no equation is left as its source, in any language, and nothing serious keeps
anybody from using it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from genmodels.config.families import FAMILIES
from genmodels.runs.store import Store
from genmodels.ui.models.scores import SCORES
from genmodels.ui.shell.explanation import LANGUAGES
from tests.browser.app import button, open_form, press_tab, wait_for_script
from tests.browser.axe import barriers
from tests.support.archives import a_run

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
    "flow": [
        *(
            "Train",
            "See the flow",
            "Sample",
            "What it predicts",
            "Complete the picture",
            "Interpolate",
            "VAE, GAN, flow",
        ),
        "Film",
    ],
    "flow?run=latent-flow-mnist": ["Train", "Where codes come from", "Sample", "Interpolate", "Film"],
    "runs": [],
    "report": [],
}
DRAWS_LONG = "VAE, GAN, flow"  # a flow is drawn a thousand times; all else there is as in *VAE vs. GAN*
EQUATIONS = {
    "vae": 10,
    "dcgan": 1,
    "conditional": 10,
    "conditional?run=infogan-mnist": 10,
    "flow": 10,
    "flow?run=latent-flow-mnist": 5,
}  # at least, in what explains the page


def unfold(page: Page) -> Iterator[str]:
    """Open what is folded on the page, and then one popover after the other, of which one is open at a time; its name."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((summary) => summary.click())")
    yield ""
    for popover in page.get_by_test_id("stMain").get_by_test_id("stPopover").get_by_role("button").all():
        popover.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        yield popover.inner_text()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


@pytest.mark.parametrize("path", PAGES)
def test_every_equation_is_drawn_and_everybody_can_use_what_is_there(page: Page, address: str, path: str):
    page.goto(address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_for_script(page)
    if PAGES[path]:
        assert page.get_by_role("tablist").first.get_by_role("tab").all_inner_texts() == PAGES[path]
    first, *others = PAGES[path] or [""]
    # Languages are those of the explanation, which every tab of a page shares.
    places = [
        *((first, code) for code in LANGUAGES if code != "en"),
        (first, "en"),
        *((tab, "en") for tab in others if tab != DRAWS_LONG),
    ]
    looked_at: set[str] = set()
    for tab, code in places:
        if tab:
            press_tab(page, tab)
        page.get_by_test_id("stSidebar").get_by_role("radio", name=LANGUAGES[code]).click()
        if path in EQUATIONS:  # else what is opened before the page is drawn in this language closes then
            expect(page.locator(f"[class*=st-key-explain-{code}-]").first).to_be_visible()
        wait_for_script(page)
        drawn = page.locator(f"[class*=st-key-explanation-{code}] .katex-html")
        for place, popover in enumerate(unfold(page)):
            if tab == first != "" and place == 1:  # the first in the page's head
                expect(drawn.nth(EQUATIONS[path] - 1)).to_be_visible()
            assert page.evaluate(UNDRAWN) == [], (tab, code)
            if code == "en" and popover not in looked_at:  # what axe-core looks at is the same in all languages
                assert barriers(page, "[data-testid=stPopoverBody]" if popover else "body") == [], (tab, popover)
                looked_at |= {popover} - {""}


def test_everybody_can_start_a_run_and_delete_one(page: Page, address: str, lab: Path):
    page.goto(f"{address}vae")
    open_form(page)
    wait_for_script(page)
    assert barriers(page) == []
    page.goto(f"{address}runs?run={a_run(Store(lab)).id}")
    button(page, "Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_for_script(page)
    assert barriers(page) == []


def test_what_is_said_in_persian_is_said_to_be(page: Page, address: str):
    page.goto(f"{address}vae?lang=fa")
    choice = page.get_by_test_id("stSidebar").get_by_role("radio", name=LANGUAGES["fa"])
    expect(choice).to_have_attribute("lang", "fa")
    explained = page.locator("[class*=st-key-explain-fa] button")
    expect(explained).to_have_attribute("lang", "fa")
    explained.click()
    expect(page.locator("[class*=st-key-explanation-fa]")).to_have_attribute("lang", "fa")
    expect(page.get_by_test_id("stPopoverBody")).to_have_attribute("tabindex", "0")


def test_no_help_has_an_equation_that_could_fail():
    """Help shows only when one hovers over it, so its texts are looked at where they are written."""
    helps = [field.description or "" for config in FAMILIES.values() for field in config.model_fields.values()]
    helps += [score.help for score in SCORES.values()]
    helps += [curve.help for config in FAMILIES.values() for curve in config.curves]
    assert not [text for text in helps if re.search(r"\$|\\[a-z]", text)]
