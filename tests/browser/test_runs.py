"""The page of all runs in a browser: select, download, delete after a question, import, compare, watch."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from genmodels.jobs import queue
from genmodels.runs.archive import pack
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from genmodels.storage.paths import PROJECT
from tests.browser.app import button, popover, press_tab
from tests.browser.charts import wait_for_rows
from tests.browser.runs import HEADER, NAME, ROW, all_runs, import_zip, names, tick, title
from tests.support.archives import a_run
from tests.support.helpers import wait_until


@pytest.fixture(autouse=True)
def empty(lab: Path) -> Iterator[None]:
    """Every test begins without a run."""
    yield
    store = Store(lab)
    for run in store.runs():
        store.update(run.id, state="finished")
        store.delete(run.id)


def train(lab: Path) -> Run:
    """A run that has really trained, from the command line."""
    words = "vae --epochs 1 --latent-dim 2 --width 8 --hidden 32 --batch-size 200 --device cpu"
    environment = os.environ | {"GENMODELS_HOME": str(lab)}
    command = [sys.executable, str(PROJECT / "train.py"), *words.split()]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    (run,) = Store(lab).runs()
    return run


@pytest.mark.exhaustive
def test_a_run_is_exported_deleted_and_imported_with_all_its_plots(page: Page, address: str, lab: Path, tmp_path: Path):
    run = train(lab)
    page.goto(f"{address}vae?run={run.id}")
    rows = wait_for_rows(page, run=run.id)

    page.goto(f"{address}runs")
    tick(page, 0)
    expect(title(page, run)).to_be_visible()
    with page.expect_download() as download:
        button(page, "Download as zip").click()
    assert download.value.suggested_filename == f"{run.id}.zip"
    file = tmp_path / f"{run.id}.zip"
    download.value.save_as(file)

    button(page, "Delete").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text(run.name)
    question.get_by_role("button", name="Keep").click()
    expect(question).to_be_hidden()
    assert Store(lab).runs() == [run]
    button(page, "Delete").click()
    question.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No run yet: train")).to_be_visible()
    assert Store(lab).runs() == []
    assert list(Store(lab).runs_folder.iterdir()) == []

    half = tmp_path / "half.zip"
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    import_zip(page, half)
    expect(page.get_by_text("half.zip: This file is not a zip, or it is cut short")).to_be_visible()
    assert Store(lab).runs() == []

    import_zip(page, file)
    expect(title(page, run)).to_be_visible()
    expect(page.get_by_text("is cut short")).to_be_hidden()
    (imported,) = Store(lab).runs()
    assert imported == replace(run, owner=imported.owner)
    import_zip(page, file)
    expect(page.get_by_text("This run is here already")).to_be_visible()

    page.get_by_role("link", name="Open its page").click()
    page.wait_for_url(f"**/vae?run={run.id}")
    assert wait_for_rows(page, rows - 1, run.id) == rows
    expect(page.get_by_role("img", name="Samples")).to_be_visible()
    expect(page.get_by_role("img", name="Reconstructions")).to_be_visible()
    press_tab(page, "Latent space")
    expect(page.get_by_test_id("latent-map")).to_be_visible()


def test_several_runs_are_compared_in_one_chart(page: Page, address: str, lab: Path):
    store = Store(lab)
    runs = [a_run(store) for _ in range(3)]
    page.goto(f"{address}runs")
    tick(page, 0)
    expect(title(page, runs[2])).to_be_visible()
    tick(page, 2)
    expect(page.get_by_role("heading", name="2 runs compared")).to_be_visible()
    expect(page.locator(".curves .legendtext")).to_have_count(2)
    wait_until(lambda: wait_for_rows(page) == 10)
    for run in (runs[0], runs[2]):
        expect(page.locator(".curves .legendtext").filter(has_text=run.id.rpartition("-")[2])).to_have_count(1)
    page.get_by_role("radio", name="train").click()
    wait_for_rows(page, run="train/")


@pytest.mark.exhaustive
def test_a_report_opens_from_the_disk_without_a_network(
    page: Page, browser: Browser, address: str, lab: Path, tmp_path: Path
):
    store = Store(lab)
    runs = [a_run(store), a_run(store, dataset="mnist")]
    store.describe(runs[0].id, name="<script>document.title = 'run'</script>")
    page.goto(f"{address}runs")
    tick(page, 0)
    expect(title(page, runs[1])).to_be_visible()
    tick(page, 1)
    expect(page.get_by_role("heading", name="2 runs compared")).to_be_visible()
    popover(page, "Axes and smoothing").click()
    page.get_by_role("slider", name="Smoothing").press("ArrowRight")
    expect(page.locator(".curves figcaption")).to_contain_text("smoothed by 0.01")
    page.keyboard.press("Escape")
    with page.expect_download() as download:
        button(page, "Report as HTML").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    with page.expect_download() as download:
        button(page, "Table as CSV").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("run,name,Dataset,")
    with page.expect_download() as download:
        button(page, "Curves as CSV").click()
    assert len(download.value.path().read_text(encoding="utf-8").splitlines()) == 1 + 2 * 10

    report = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    asked, told = watched(report)
    report.goto(file.as_uri())
    expect(report.get_by_role("heading", level=1, name="2 runs compared")).to_be_visible()
    expect(report.get_by_role("heading", name="<script>")).to_be_visible()
    assert report.title() == "2 runs compared"
    # One chart, of two runs on two kinds of images, each as measured and averaged.
    expect(report.locator(".js-plotly-plot .scatterlayer .js-line")).to_have_count(8)
    names = report.locator(".js-plotly-plot .legendtext")
    expect(names).to_have_text([found.name for run in reversed(runs) if (found := store.get(run.id))])
    for picture in report.get_by_role("img", name="Samples").all():
        expect(picture).to_have_js_property("naturalWidth", 20)
    expect(names.first).to_have_css("fill", "rgb(31, 36, 48)")
    report.emulate_media(color_scheme="dark")
    expect(names.first).to_have_css("fill", "rgb(232, 234, 240)")
    report.set_viewport_size({"width": 390, "height": 800})
    wait_until(lambda: report.evaluate("document.documentElement.scrollWidth") <= 390)
    assert [url for url in asked if not url.startswith(("data:", file.as_uri()))] == []
    assert told == []
    report.close()


def watched(page: Page) -> tuple[list[str], list[str]]:
    """Two lists that grow: the addresses that a page asks for, and what it complains of."""
    asked: list[str] = []
    told: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    return asked, told


def test_a_run_under_way_is_watched_and_stays_selected(page: Page, address: str, lab: Path):
    store = Store(lab)
    other, run = a_run(store), a_run(store, state="running", step=1, epoch=0.1, total_steps=100)
    held = lock(store.folder(run.id) / "worker.lock")  # as its worker does
    assert held is not None
    page.goto(f"{address}runs")
    tick(page, 0)
    expect(title(page, run)).to_be_visible()
    expect(button(page, "Delete")).to_be_disabled()
    for epoch in (0.5, 1.5):
        store.update(run.id, step=round(50 * epoch), epoch=epoch)
        expect(page.get_by_text(f"epoch {epoch} of 2").first).to_be_visible()
    expect(title(page, run)).to_be_visible()
    button(page, "Stop").click()
    expect(button(page, "Stopping…")).to_be_disabled()
    os.close(held)
    expect(button(page, "Resume")).to_be_visible()
    expect(button(page, "Delete")).to_be_enabled()
    assert [found.state for found in store.runs()] == ["stopped", "finished"]
    assert store.get(other.id) == other


def test_a_table_of_another_order_keeps_the_selected_run(page: Page, address: str, lab: Path):
    store = Store(lab)
    runs = [a_run(store) for _ in range(3)]
    for run in runs:
        store.describe(run.id, pinned=False)
    page.goto(f"{address}runs")
    tick(page, 2)
    expect(title(page, runs[0])).to_be_visible()
    button(page, "Pin").click()
    expect(button(page, "Unpin")).to_be_visible()
    expect(title(page, runs[0])).to_be_visible()
    tick(page, 0)  # where it is now
    expect(title(page, runs[0])).to_be_hidden()


@pytest.mark.exhaustive
def test_a_name_left_empty_comes_back_and_no_filter_hides_what_is_imported(
    page: Page, address: str, lab: Path, tmp_path: Path
):
    store, file = Store(lab), tmp_path / "run.zip"
    run, other = a_run(store), a_run(store)
    pack(store, run.id, file)
    queue.delete(store, run.id)
    page.goto(f"{address}runs?run={other.id}")
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_have_value(other.name)
    name.fill("")
    name.press("Enter")
    expect(name).to_have_value(other.name)

    search = page.get_by_role("textbox", name="Search")
    search.fill(other.id)
    search.press("Enter")
    import_zip(page, file)
    expect(title(page, run)).to_be_visible()
    expect(search).to_have_value("")
    tick(page, 1)  # the other one is in the table too
    expect(title(page, run)).to_be_hidden()


@pytest.mark.exhaustive
def test_order_scroll_and_selection_stay_when_a_run_starts(page: Page, address: str, lab: Path):
    store = Store(lab)
    runs = [a_run(store) for _ in range(8)]
    for run, name in zip(runs, "hgfedcba", strict=True):
        store.describe(run.id, name=name, pinned=False)
    page.goto(f"{address}runs")
    scroller = all_runs(page).locator(".dvn-scroller")
    scroller.evaluate("element => { element.scrollTop = 8 * 35; }")
    all_runs(page).click(position={"x": 16, "y": HEADER + ROW * 5.5})  # the last one, at the end
    expect(title(page, runs[0])).to_be_visible()
    all_runs(page).click(position={"x": NAME, "y": HEADER / 2})
    scroller.evaluate("element => { element.scrollTop = 0; }")
    wait_until(lambda: names(page)[:3] == ["a", "b", "c"])
    scroller = all_runs(page).locator(".dvn-scroller")
    scroller.evaluate("element => { element.scrollTop = 2 * 35; element.scrollLeft = 100; }")
    under_way = a_run(store, state="running", step=1, epoch=0.1, total_steps=100)
    store.describe(under_way.id, name="ez", pinned=False)
    held = lock(store.folder(under_way.id) / "worker.lock")
    assert held is not None
    search = page.get_by_role("textbox", name="Search")
    search.fill(runs[0].id.partition("-")[0])  # which all have in their ids
    search.press("Enter")
    wait_until(lambda: "ez" in names(page))
    assert scroller.evaluate("element => [element.scrollTop, element.scrollLeft]") == [70, 100]
    expect(title(page, runs[0])).to_be_visible()
    assert page.url.endswith(f"runs?run={runs[0].id}")
    scroller.evaluate("element => { element.scrollTop = 0; element.scrollLeft = 0; }")
    tick(page, 0)
    expect(page.get_by_role("heading", name="2 runs compared")).to_be_visible()
    assert page.url.endswith(f"runs?run={runs[0].id}&run={runs[7].id}")
    page.go_back()
    expect(title(page, runs[0])).to_be_visible()
    os.close(held)
