"""What a visitor does on the page of all runs."""

from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, Position, TimeoutError, expect

from genmodels.runs.store import Run
from tests.browser.app import DRAWN, wait_for_script
from tests.support.helpers import wait_until

HEADER, ROW = 35, 35  # pixels
NAME = 36 + 40 + 60  # where the header of that column is clicked, from the left edge


def tick(page: Page, row: int) -> None:
    """Tick the box of a row when the table, which is one canvas, no longer moves and no script is about to draw it anew."""
    wait_for_script(page)
    box = Position(x=16, y=HEADER + ROW * (row + 0.5))
    # As a hand does: a press in the moment in which the page is scrolled meets no row, for the table has not moved yet.
    all_runs(page).hover(position=box)
    all_runs(page).click(position=box)


def all_runs(page: Page) -> Locator:
    """The table."""
    return page.locator(DRAWN).get_by_test_id("stDataFrame").first


def names(page: Page) -> list[str]:
    """Of the runs from row to row, as those hear them who do not see the canvas, which has what is scrolled to alone."""
    cells = """canvas => {
        const place = [...canvas.querySelectorAll("thead th")].findIndex((cell) => cell.textContent.startsWith("Name"));
        return [...canvas.querySelectorAll("tbody tr")].map((row) => row.children[place]?.textContent);
    }"""
    return all_runs(page).locator("canvas").first.evaluate(cells)


def import_zip(page: Page, file: Path) -> None:
    field = page.locator("input[type=file]")

    def opened() -> bool:
        with suppress(TimeoutError):
            field.first.wait_for(state="attached", timeout=1_000)  # which may be drawn anew just now
            return True
        page.get_by_role("button", name="Import a run").click()
        return False

    wait_until(opened)
    expect(field).to_have_count(1)  # while the one that has taken a file gives way, there are two
    field.set_input_files(file)


def title(page: Page, run: Run) -> Locator:
    """The heading above what one can do with the run, where it is selected."""
    return page.get_by_role("heading", level=3).filter(has_text=run.id.rpartition("-")[2])
