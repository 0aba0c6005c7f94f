"""Steps in the browser's history: each press of Back takes back one thing that the visitor did."""

from playwright.sync_api import Page, expect

from tests.browser.app import wait_for_script


def wait_for_steps(page: Page) -> None:
    """Until the component that sees to them is there: Streamlit makes the steps of a press before."""
    page.wait_for_function("history.state?.['genmodels:seen']")


def test_each_press_of_back_takes_back_one_thing(page: Page, address: str):
    page.goto(address)
    wait_for_steps(page)
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name="Part 3: CGAN and InfoGAN")
    link.click()  # whose address the page completes
    page.wait_for_url("**/conditional?*run=cgan-mnist*")
    page.get_by_role("radio", name="InfoGAN").click()  # which changes two things in the address
    page.wait_for_url("**/conditional?*run=infogan-mnist*")
    wait_for_script(page)
    page.go_back()
    expect(page.get_by_role("radio", name="CGAN", exact=True)).to_be_checked()
    wait_for_script(page)
    page.go_back()
    page.wait_for_url(address)


# As Streamlit does where the page puts two things right before the script is here that has only the visitor's presses make steps.
PUT_RIGHT_TWICE = """
if (location.search.includes("tab=Nowhere"))
    for (const search of ["?tab=Nowhere", ""]) history.pushState({}, "", location.pathname + search);
"""


def test_an_address_that_was_put_right_twice_is_left_by_one_press(page: Page, address: str):
    page.add_init_script(PUT_RIGHT_TWICE)
    page.goto("about:blank")
    page.goto(f"{address}report?tab=Nowhere&lang=xx")
    wait_for_script(page)
    wait_for_steps(page)
    page.go_back()
    page.wait_for_url("about:blank", timeout=20_000)
