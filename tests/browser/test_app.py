"""The app as a visitor has it: start, watch, zoom, reload, stop, resume."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from genmodels.runs.store import Run, Store
from tests.browser.app import button, fill, newest_run, open_form, press_tab, start_training
from tests.browser.charts import drag, wait_for_rows, wait_for_zoom, x_range
from tests.support.helpers import end_worker, wait_until


@pytest.fixture
def failed(page: Page) -> Iterator[list[str]]:
    """The addresses that were not answered. Streamlit itself asks for its own paths below that of the page first, which are not there."""
    addresses: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 400 and "/_stcore/" not in answer.url:
            addresses.append(answer.url)

    page.on("response", note)
    yield addresses
    page.remove_listener("response", note)


def start(page: Page, address: str, lab: Path) -> Run:
    page.goto(f"{address}vae")
    open_form(page)
    expect(button(page, "Start training")).to_be_in_viewport()
    fill(page, "Model", "Width", 8)
    fill(page, "Training", "Epochs", 500)
    fill(page, "Machine", "Preview every", 0.1)
    return start_training(page, lab)


def test_start_watch_reload_and_stop(page: Page, address: str, lab: Path, failed: list[str]):
    run = start(page, address, lab)
    before = wait_for_rows(page, run=run.id)
    drag(page)
    wait_for_zoom(page)
    zoomed = x_range(page)
    wait_for_rows(page, before + 16, run.id)
    assert x_range(page) == zoomed, "the zoom is lost at a tick"
    expect(page.get_by_role("img", name="Samples")).to_be_visible()

    before = wait_for_rows(page, run=run.id)
    page.reload()
    assert wait_for_rows(page, run=run.id) >= before, "the curve is not whole after a reload"
    assert page.url.endswith(newest_run(lab).id)

    button(page, "Stop").click()
    expect(button(page, "Resume")).to_be_visible()
    stopped = newest_run(lab)
    assert stopped.state == "stopped"
    assert stopped.step > 0
    assert failed == [], "a picture was gone before the browser had it"


@pytest.mark.exhaustive
def test_resume_what_was_stopped_and_what_was_killed(page: Page, address: str, lab: Path, failed: list[str]):
    run = start(page, address, lab)
    before = wait_for_rows(page, run=run.id)
    button(page, "Stop").click()
    expect(button(page, "Resume")).to_be_visible()
    stopped = newest_run(lab)

    button(page, "Resume").click()
    wait_until(lambda: newest_run(lab).step > stopped.step)
    steps = Store(lab).metrics(stopped.id).query("name == 'train/neg_elbo'")["step"]
    assert steps.is_monotonic_increasing
    assert steps.is_unique
    wait_for_rows(page, before, run.id)

    end_worker(Store(lab), run.id)
    expect(page.get_by_text("ended unexpectedly")).to_be_visible(timeout=10_000)
    button(page, "Resume").click()
    wait_until(lambda: newest_run(lab).state == "running")
    button(page, "Stop").click()
    expect(button(page, "Resume")).to_be_visible()
    assert failed == [], "a picture was gone before the browser had it"


@pytest.mark.exhaustive
def test_the_form_keeps_its_values_on_the_way_to_another_page_and_back(page: Page, address: str):
    page.goto(f"{address}vae")
    open_form(page)
    fill(page, "Model", "Latent size", 7)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", name="Generative Models Lab")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Part 1").click()
    press_tab(page, "Model")
    expect(page.get_by_role("spinbutton", name="Latent size")).to_have_value("7")


def test_a_bad_value_is_refused_at_the_field(page: Page, address: str):
    page.goto(f"{address}vae")
    open_form(page)
    fill(page, "Training", "Epochs", 0)
    expect(page.get_by_text("Epochs must be 1 to 2,000 epochs, not 0.")).to_be_visible()
    expect(page.get_by_text("To be changed before a start: Epochs under Training.")).to_be_visible()
    expect(button(page, "Start training")).to_be_disabled()


def test_a_whole_number_is_taken_as_it_was_typed(page: Page, address: str):
    page.goto(f"{address}vae")
    open_form(page)
    press_tab(page, "Training")
    field = page.get_by_role("spinbutton", name="Epochs")
    for typed, sentence in (
        ("2.7", "Epochs must be a whole number, 1 to 2,000 epochs, not 2.7."),
        ("3e3", "Epochs must be 1 to 2,000 epochs, not 3,000."),
    ):
        field.fill(typed)
        field.press("Enter")
        expect(page.get_by_text(sentence)).to_be_visible()
    field.fill("1e3")
    field.press("Enter")
    expect(field).to_have_value("1000")
    expect(page.get_by_text("Epochs must be")).to_have_count(0)
    expect(button(page, "Start training")).to_be_enabled()


def test_nothing_is_asked_of_the_internet(page: Page, address: str):
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if "127.0.0.1" not in request.url else None)
    for path in ("", "vae"):
        page.goto(address + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []
