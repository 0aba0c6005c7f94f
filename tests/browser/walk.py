"""A walk over all that is on a page: no equation is left as its source, in any language, and nothing serious keeps anybody from using it."""

from collections.abc import Iterator, Sequence

from playwright.sync_api import Page, expect

from genmodels.language import LANGUAGES
from genmodels.storage.explanations import FOLDER
from tests.browser.app import press_tab, wait_for_script
from tests.browser.axe import barriers

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
MAIN, HEAD, BODY = "[data-testid=stMain]", ".st-key-page-head", "[data-testid=stPopoverBody]"


def unfold(page: Page, within: str) -> Iterator[str]:
    """Open what is folded on the page, and then one popover after the other, of which one is open at a time; its name."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((summary) => summary.click())")
    yield ""
    for popover in page.locator(f"{within} [data-testid=stPopover]").get_by_role("button").all():
        popover.click()
        expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
        yield popover.inner_text()
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def walk(page: Page, url: str, tabs: Sequence[str] = (), equations: int = 0, leaves: str = "") -> None:
    """Over every tab, expander and popover of the page at ``url``.

    Args:
        tabs: all of the page's.
        equations: at least so many are in what explains the page.
        leaves: the tab that is not opened.
    """
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wait_for_script(page)
    if tabs:
        assert page.get_by_role("tablist").first.get_by_role("tab").all_inner_texts() == [*tabs]
    first, *others = tabs or [""]
    # In other languages, what explains the page, in its head, which all of its tabs share.
    places = [
        *((first, code, HEAD) for code in LANGUAGES if code != "en" and (FOLDER / code).is_dir()),
        (first, "en", MAIN),
        *((tab, "en", f"{MAIN} [role=tabpanel]") for tab in others if tab != leaves),
    ]
    looked_at: set[str] = set()
    for tab, code, within in places:
        language = page.get_by_test_id("stSidebar").get_by_role("radio", name=LANGUAGES[code])
        if not language.is_checked():
            language.click()
            wait_for_script(page)
        if tab and code == "en":
            press_tab(page, tab)
        if equations:  # else what is opened before the page is drawn in this language closes then
            expect(page.locator(f"[class*=st-key-explain-{code}-]").first).to_be_visible()
        wait_for_script(page)
        drawn = page.locator(f"[class*=st-key-explanation-{code}] .katex-html")
        for place, popover in enumerate(unfold(page, within)):
            if tab == first != "" and place == 1:  # the first in the page's head
                expect(drawn.nth(equations - 1)).to_be_visible()
            assert page.evaluate(UNDRAWN) == [], (tab, code)
            if code == "en" and popover not in looked_at:  # what axe-core looks at is the same in all languages
                assert barriers(page, BODY if popover else "body" if tab == first else MAIN) == [], (tab, popover)
                looked_at |= {popover} - {""}
