"""Steps in the browser's history: each press of Back takes back one thing that the visitor did."""

from pathlib import Path

from playwright.sync_api import Page, expect

from genmodels.runs.store import Store
from tests.browser.app import press_tab, wait_for_script
from tests.browser.runs import tick, title
from tests.support.archives import a_run


def test_each_press_of_back_takes_back_one_thing(page: Page, address: str, lab: Path):
    run = a_run(Store(lab))
    sidebar, tab = page.get_by_test_id("stSidebar"), page.get_by_role("tab", selected=True)
    page.goto(address)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Runs").click()
    tick(page, 0)
    expect(title(page, run)).to_be_visible()
    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url(f"**/vae?run={run.id}")
    press_tab(page, "Decoder")
    wait_for_script(page)
    sidebar.get_by_role("radio", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    wait_for_script(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link").nth(3).click()  # whose address the page completes
    page.wait_for_url("**/conditional?*run=cgan-mnist*")
    page.get_by_role("radio", name="InfoGAN").click()  # which changes two things in the address
    page.wait_for_url("**/conditional?*run=infogan-mnist*")

    def back() -> None:
        wait_for_script(page)
        page.go_back()

    back()
    expect(page.get_by_role("radio", name="CGAN", exact=True)).to_be_checked()
    back()
    page.wait_for_url(f"**/vae?run={run.id}*")
    expect(tab).to_have_text("رمزگشا")
    back()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(tab).to_have_text("Decoder")
    back()
    expect(tab).to_have_text("Train")
    back()
    expect(title(page, run)).to_be_visible()
    back()
    expect(page.get_by_text("Nothing is selected")).to_be_visible()
    back()
    page.wait_for_url(address)
