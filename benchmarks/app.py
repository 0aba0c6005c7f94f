"""What a visitor feels: first paint, time to the first point, and what a live tick costs."""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.browser.charts import wait_for_rows
from tests.browser.serving import Server, launch, serve
from tests.support.helpers import end_workers

PAGES = ("", "vae", "dcgan", "conditional", "runs")  # their addresses; the overview has none
TICKS = 20  # seconds, one tick each
READING = 8  # seconds that a visitor looks at the form before pressing Start


def measure(turns: int) -> dict[str, float]:
    """Medians over ``turns``: seconds to each page's title and to the first point of a curve; bytes and CPU of a tick."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home}) as server:
            page = browser.new_page(viewport={"width": 1400, "height": 1400})
            page.set_default_timeout(120_000)
            result = first_paints(page, server.url, turns)
            for name, seconds in {"": READING, ", pressed at once": 0}.items():
                points = [_first_point(page, server.url, Path(home), seconds) for _ in range(turns)]
                result[f"Start to the first point{name}, s"] = statistics.median(points)
            result |= _ticks(page, server, Path(home))
        browser.close()
    return result


def first_paints(page: Page, url: str, turns: int) -> dict[str, float]:
    """Seconds until each page's title is there: at the first visit since the server began, and the median of ``turns`` more."""
    result: dict[str, float] = {}
    for path in PAGES:
        first, *later = (_paint(page, url + path) for _ in range(1 + turns))
        name = path or "overview"
        result |= {
            f"first paint of {name}, first visit, s": first,
            f"first paint of {name}, s": statistics.median(later),
        }
    return result


def _paint(page: Page, url: str) -> float:
    page.goto("about:blank")
    start = time.perf_counter()
    page.goto(url)
    page.get_by_role("heading", level=1).wait_for()
    return time.perf_counter() - start


def _start(page: Page, url: str, reading: float = 0) -> float:
    """Press Start after some seconds of reading; seconds to the first point of the new run's curves."""
    page.goto(f"{url}vae")
    button = page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Start training")
    button.wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_000 * reading)
    before, start = page.url, time.perf_counter()
    button.click()
    page.wait_for_url(lambda url: url != before)
    wait_for_rows(page, run=page.url.partition("run=")[2])
    return time.perf_counter() - start


def _first_point(page: Page, url: str, home: Path, reading: float) -> float:
    page.goto("about:blank")
    seconds = _start(page, url, reading)
    end_workers(home)
    store = Store(home)
    while store.alive():  # until that is noted, the server keeps no spare process
        time.sleep(0.1)
        queue.mark_interrupted(store)
    return seconds


def _ticks(page: Page, server: Server, home: Path) -> dict[str, float]:
    """Of a run that makes some rows each second: bytes to the browser, and the share of a core that the server takes."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    _start(page, server.url)
    page.wait_for_timeout(5_000)
    frames.clear()
    before, start = server.process.cpu_times(), time.perf_counter()
    page.wait_for_timeout(1_000 * TICKS)
    after, elapsed = server.process.cpu_times(), time.perf_counter() - start
    end_workers(home)
    cpu = after.user + after.system - before.user - before.system
    return {"bytes a tick": sum(frames) / elapsed, "server CPU while live, share of a core": cpu / elapsed}
