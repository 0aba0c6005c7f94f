"""Every page on a phone: what stands there can be read in both themes, is in words too, and fits.

The tabs with the most kinds of things in them; ``GENMODELS_TEST_EVERY_TAB=1`` looks at all, which takes minutes.
"""

import os

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.axe import barriers
from tests.browser.reading import beyond, cut, pale, unsaid
from tests.support.tiers import some

EVERY_TAB = bool(os.environ.get("GENMODELS_TEST_EVERY_TAB"))
TABS = ["vae?tab=Latent space", "conditional?tab=Classes", "conditional?run=infogan-mnist&tab=Train"]
PHONE: ViewportSize = {"width": 390, "height": 844}
STILL = """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true]")"""
PATIENCE = 20  # looks
BACKGROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(3, 3, 5)"}


def look(page: Page) -> dict[str, list[str]]:
    """What is wrong with what is shown now."""
    found = {}
    page.wait_for_function(STILL)
    for theme, background in BACKGROUND.items():
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)
        for _ in range(PATIENCE):  # the words take their colour after the page has
            found[theme] = pale(page)
            if not found[theme]:
                break
            page.wait_for_timeout(500)
    return found | {"no words": unsaid(page), "too wide": beyond(page), "barriers": barriers(page)}


@pytest.mark.parametrize("path", some(["", "runs", *TABS, *(["dcgan"] if EVERY_TAB else [])], "", "runs", TABS[1]))
def test_it_can_be_read_and_fits(page: Page, address: str, path: str):
    page.set_viewport_size(PHONE)
    page.goto(address + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    found = {"": look(page)}
    tabs = page.get_by_role("tablist").first.get_by_role("tab").all() if EVERY_TAB and path not in ("", "runs") else []
    for tab in tabs:
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        found[tab.inner_text()] = look(page)
    wrong = {place: {what: which for what, which in each.items() if which} for place, each in found.items()}
    assert wrong == {place: {} for place in found}


@pytest.mark.exhaustive
def test_nothing_is_cut_from_a_small_phone_to_a_large_screen(page: Page, address: str):
    page.goto(f"{address}vae?tab=Latent space")
    expect(page.get_by_test_id("latent-map")).to_be_visible()
    page.wait_for_function(STILL)
    found = {}
    for width in (320, 500, 640, 700, 1024, 2560):  # 640: 1280 at a zoom of 200 %
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)  # in which the page takes its new form
        found[width] = cut(page) + beyond(page)
    assert not any(found.values()), found
