"""What a visitor does in the app."""

from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, expect

from genmodels.runs.store import Run, Store
from tests.browser.charts import wait_for_rows
from tests.support.helpers import wait_until

# Not what a script has yet to draw again: that stays on the page until the script ends, even beside what takes its place.
DRAWN = "[data-stale=false]"


def press_tab(page: Page, name: str) -> None:
    """Open a tab. A press that takes no time can be lost while the page is drawn anew; then, as one would, press again."""
    tab = page.get_by_role("tab", name=name, exact=True)

    def press() -> bool:
        tab.click()
        return tab.get_attribute("aria-selected") == "true"

    wait_until(press)


def wait_for_script(page: Page) -> None:
    """Until none runs."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def open_form(page: Page) -> None:
    """The form that starts a run, which waits behind a button where there is a model to look at: not behind that of the model before,
    which stays until the script ends."""
    wait_for_script(page)
    button(page, "New run").click()
    expect(button(page, "Close the form")).to_be_visible()


def fill(page: Page, tab: str, field: str, value: float) -> None:
    """Type a number into a field of the form."""
    press_tab(page, tab)
    number = page.get_by_role("spinbutton", name=field)
    number.fill(str(value))
    number.press("Enter")


def button(page: Page, name: str) -> Locator:
    """A button of the page itself; Streamlit's toolbar has a "Stop" of its own while a script runs."""
    return page.get_by_test_id("stMainBlockContainer").locator(DRAWN).get_by_role("button", name=name, exact=True)


def popover(page: Page, name: str) -> Locator:
    """The button that opens a popover; its accessible name has the names of its icons in it."""
    return page.get_by_test_id("stPopover").get_by_role("button", name=name)


def newest_run(lab: Path) -> Run:
    """Of the store in the app's home."""
    return Store(lab).runs()[0]


def start_training(page: Page, lab: Path) -> Run:
    """Press Start; the run, once the address names it and its first rows are drawn."""
    before = page.url
    button(page, "Start training").click()
    page.wait_for_url(lambda url: url != before)
    run = newest_run(lab)
    assert run.id in page.url
    wait_for_rows(page, run=run.id)
    return run


def contents(image: Locator) -> bytes:
    """The file that an image on the page shows, which lies within its address."""
    with urlopen(image.evaluate("image => image.src")) as file:  # a data URL
        return file.read()
