"""What has room: on a phone nothing is scrolled sideways, what a finger has to meet is large enough, and a film is as large as its picture."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from genmodels.config.experiments import config_of, experiments
from genmodels.runs.store import Run, Store
from tests.browser.app import wait_for_script

PHONE: ViewportSize = {"width": 360, "height": 740}
TARGET = 24  # pixels
SMALL = f"""buttons => buttons.map((button) => [button, button.getBoundingClientRect()])
    .filter(([, {{ width, height }}]) => width && (width < {TARGET} || height < {TARGET}))
    .map(([button, {{ width, height }}]) => `${{button.ariaLabel ?? button.innerText}} ${{width}}x${{height}}`)"""
# The tabs that reach beyond their bar, and the arrows that scroll it.
HIDDEN = """bar => [...bar.querySelectorAll("[role=tab]"), ...bar.querySelectorAll("[data-testid^=stTabsScroll]")].filter((part) => {
    const box = part.getBoundingClientRect(), { left, right } = bar.getBoundingClientRect();
    return part.checkVisibility() && (part.ariaLabel || box.left < left - 1 || box.right > right + 1);
}).map((part) => part.ariaLabel ?? part.innerText)"""


@pytest.fixture
def run(lab: Path) -> Run:
    """It plays an experiment whose counterpart has a long name."""
    store = Store(lab)
    made = store.create(config_of("vae", experiments("vae")[0]).model_dump())
    store.add_metrics(made.id, 620, 10.0, {"train/neg_elbo": 200.0, "test/neg_elbo": 200.0, "test/kl": 0.02})
    store.update(made.id, state="finished", step=620, total_steps=620, epoch=10.0)
    return made


@pytest.mark.parametrize("language", ["en", "fa"])
def test_on_a_phone_nothing_is_scrolled_sideways(page: Page, address: str, run: Run, language: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{address}vae?run={run.id}&lang={language}")
    expect(page.get_by_test_id("stTable")).to_be_visible()
    wait_for_script(page)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth") == PHONE["width"]
    assert page.get_by_test_id("stTabs").first.evaluate(HIDDEN) == []


def test_what_a_finger_has_to_meet_is_large_enough(page: Page, address: str, run: Run):
    page.goto(f"{address}runs?run={run.id}&run={run.id}")
    page.get_by_role("combobox", name="Curves").wait_for()
    wait_for_script(page)
    assert page.get_by_test_id("stMultiSelect").get_by_role("button").evaluate_all(SMALL) == []
    page.goto(f"{address}vae?run={run.id}&lang=fa")
    page.get_by_role("button", name="اجرای تازه").click()
    page.get_by_role("tab", name="زیان").wait_for()
    assert page.get_by_role("tab").evaluate_all(SMALL) == []


def test_the_film_of_the_first_page_is_as_wide_as_the_picture_that_it_takes_the_place_of(page: Page, address: str):
    page.goto(address)
    wait_for_script(page)  # before it, the first picture may be another
    picture = page.get_by_test_id("stMain").get_by_test_id("stImage").first.locator("img")
    wide = picture.evaluate("picture => picture.getBoundingClientRect().width")
    page.get_by_text("Watch them learn").click()
    film = page.get_by_test_id("film-player").locator("canvas")
    expect(film).to_be_visible()
    wait_for_script(page)
    assert film.evaluate("film => film.getBoundingClientRect().width") == pytest.approx(wide, abs=2)


def test_the_counter_of_own_words_lies_where_no_line_begins_and_latex_is_read_from_the_left(page: Page, address: str):
    page.goto(f"{address}report?lang=fa")
    wait_for_script(page)
    page.get_by_role("button", name="نوشتهٔ خودتان").first.click()
    words = page.get_by_test_id("stTextArea").first
    words.locator("textarea").fill("متن\n$x^2$")
    box, counter = words.locator("textarea").bounding_box(), words.get_by_test_id("InputInstructions").bounding_box()
    assert box
    assert counter
    assert counter["x"] + counter["width"] < box["x"] + box["width"] / 2
    assert words.locator("textarea").evaluate("field => getComputedStyle(field).unicodeBidi") == "plaintext"


def test_on_a_phone_the_filters_of_runs_have_room_for_their_names(page: Page, address: str, run: Run):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}runs?lang=fa")
    wait_for_script(page)
    fields = page.locator(".st-key-roomy-filters [data-testid=stColumn]")
    widths = fields.evaluate_all("fields => fields.map((field) => field.getBoundingClientRect().width)")
    assert widths[0] > 350, "the search has a line of its own"
    assert min(widths[1:]) > 150
