"""The page of all runs when there are many: 200 runs of 200 epochs, 1.8 million rows."""

import math
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.app import first_paints
from genmodels.config.families import VAEConfig
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.browser.serving import launch, serve

STEPS_PER_EPOCH = 100
ROWS_PER_EPOCH = 10  # as in the trainer, which would load torch here
STATES = ("finished", "stopped", "failed", "interrupted")


def fill_store(root: Path, runs: int = 200, epochs: int = 200) -> Store:
    """A store with so many runs of the VAE, whose rows are written straight into SQLite."""
    store = Store(root)
    curves = [curve.name for curve in VAEConfig.curves]
    config = VAEConfig(epochs=epochs).model_dump()
    steps = [
        (split, step)
        for split, distance in (("train", STEPS_PER_EPOCH // ROWS_PER_EPOCH), ("test", STEPS_PER_EPOCH))
        for step in range(distance, epochs * STEPS_PER_EPOCH + 1, distance)
    ]
    values = [
        (f"{split}/{curve}", step, step / STEPS_PER_EPOCH, 100 + 400 * math.exp(-step / 500))
        for split, step in sorted(steps, key=lambda row: row[1])
        for curve in curves
    ]
    for index in range(runs):
        run = store.create(config, f"Run {index}")
        end = epochs * STEPS_PER_EPOCH
        store.update(run.id, state=STATES[index % 4], step=end, total_steps=end, epoch=epochs, seconds=60.0 * index)
        with sqlite3.connect(store.path) as connection:
            insert = "INSERT INTO metrics (run, name, step, epoch, value) VALUES (?, ?, ?, ?, ?)"
            connection.executemany(insert, ((run.id, *row) for row in values))
        connection.close()
    return store


def measure(turns: int) -> dict[str, float]:
    """Medians over ``turns``, in seconds: first paint of all pages and of the table of runs; one run ticked, a second one compared."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        store = fill_store(Path(home))
        browser = launch(playwright)
        with serve(
            PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home, "GENMODELS_SPARE": "0"}
        ) as server:
            page = browser.new_page(viewport={"width": 1400, "height": 1400})
            page.set_default_timeout(120_000)
            paints = first_paints(page, server.url, turns)
            looks = [_look(page, server.url) for _ in range(turns)]
        browser.close()
        start = time.perf_counter()
        store.last_values(["test/neg_elbo", "train/neg_elbo"])
        seconds = time.perf_counter() - start
    medians = {f"{name}, s": statistics.median(look[name] for look in looks) for name in looks[0]}
    return paints | medians | {"newest values of 200 runs, s": seconds}


def _look(page: Page, url: str) -> dict[str, float]:
    page.goto("about:blank")
    start = time.perf_counter()
    page.goto(f"{url}runs")
    table = page.get_by_test_id("stDataFrame")
    table.locator("canvas").first.wait_for()
    painted = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    return {
        "first paint of the table": painted,
        "one run ticked": _tick(page, 0, page.get_by_role("button", name="Download as zip").wait_for),
        "a second run compared": _tick(page, 1, page.locator(".curves .legendtext").nth(1).wait_for),
    }


def _tick(page: Page, row: int, wait: Callable[[], None]) -> float:
    """Seconds from a tick in the table, which is one canvas, until ``wait`` ends."""
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box
    start = time.perf_counter()
    page.mouse.click(box["x"] + 16, box["y"] + 35 * (row + 1.5))
    wait()
    return time.perf_counter() - start
