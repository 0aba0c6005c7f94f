"""What one sees of the live curves, and does with them."""

from playwright.sync_api import Locator, Page

GROWN = """([n, run]) =>
    [...document.querySelectorAll('.curves')].some(({ dataset }) => dataset.token?.startsWith(run) && dataset.rows > n)
"""


def curves(page: Page) -> Locator:
    """The element that holds the charts."""
    return page.get_by_test_id("curves")


def wait_for_rows(page: Page, more_than: int = 0, run: str = "") -> int:
    """The number of rows that the curves show, once it is above ``more_than``; those of ``run``, not of what was shown before."""
    page.wait_for_function(GROWN, arg=[more_than, run])
    shown = page.locator(f".curves[data-token^='{run}']") if run else curves(page)
    return int(shown.get_attribute("data-rows") or 0)


def x_range(page: Page) -> list[float]:
    """Of the first chart."""
    return page.evaluate("document.querySelector('.plot').layout.xaxis.range")


def drag(page: Page, *, release: bool = True) -> None:
    """Drag over the middle of the first chart, which zooms."""
    plot = page.locator(".plot .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5, steps=5)
    if release:
        page.mouse.up()


def wait_for_zoom(page: Page) -> None:
    """Until the first chart has an x axis of the reader's own choice."""
    page.wait_for_function("document.querySelector('.plot').layout.xaxis.autorange === false")
