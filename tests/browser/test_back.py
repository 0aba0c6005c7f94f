"""Steps in the browser's history: each press of Back takes back one thing that the visitor did."""

from pathlib import Path

from playwright.sync_api import Page, expect

from genmodels.runs.store import Store
from tests.browser.app import press_tab, wait_for_script
from tests.browser.runs import tick, title
from tests.support.archives import a_run


def test_each_press_of_back_takes_back_one_thing(page: Page, address: str, lab: Path):
    run = a_run(Store(lab))
    navigation, tab = page.get_by_test_id("stSidebarNav"), page.get_by_role("tab", selected=True)

    def back() -> None:
        wait_for_script(page)
        page.go_back()

    page.goto(address)
    navigation.get_by_role("link", name="Part 3: CGAN and InfoGAN").click()  # whose address the page completes
    page.wait_for_url("**/conditional?*run=cgan-mnist*")
    page.get_by_role("radio", name="InfoGAN").click()  # which changes two things in the address
    page.wait_for_url("**/conditional?*run=infogan-mnist*")
    back()
    expect(page.get_by_role("radio", name="CGAN", exact=True)).to_be_checked()
    back()
    page.wait_for_url(address)

    navigation.get_by_role("link", name="Runs").click()
    expect(page.get_by_text("Nothing is selected")).to_be_visible()
    tick(page, 0)
    expect(title(page, run)).to_be_visible()
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url(f"**/vae?run={run.id}")
    press_tab(page, "Decoder")
    wait_for_script(page)
    page.get_by_test_id("stSidebar").get_by_role("radio", name="فارسی").click()
    expect(tab).to_have_text("رمزگشا")
    back()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(tab).to_have_text("Decoder")
    back()
    expect(tab).to_have_text("Train")
    back()
    expect(title(page, run)).to_be_visible()
