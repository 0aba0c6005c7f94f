"""What one sees of the live curves, and does with them."""

from playwright.sync_api import Locator, Page

GROWN = """([n, run]) => Math.max(
    ...[...document.querySelectorAll('.curves')].filter(({ dataset }) => dataset.token?.startsWith(run) && dataset.rows > n)
        .map(({ dataset }) => Number(dataset.rows)), 0)
"""


def curves(page: Page) -> Locator:
    """The element that holds the charts."""
    return page.get_by_test_id("curves")


def wait_for_rows(page: Page, more_than: int = 0, run: str = "") -> int:
    """The number of rows that the curves show, once it is above ``more_than``; those of ``run``, not of what was shown before."""
    return page.wait_for_function(GROWN, arg=[more_than, run]).json_value()


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
