"""A real browser."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from genmodels.jobs.queue import delete
from genmodels.runs.store import Store
from tests.browser.serving import App, complaints, launch, serve, serve_app
from tests.support.helpers import end_workers

expect.set_options(timeout=60_000)  # the machine may be busy with other tests


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what is in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Tells what was on the page when a test failed."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        report.sections.append(("Page", f"{page.url}\n{page.locator('body').aria_snapshot()}"))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. Without one the test is skipped, but in CI it fails."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"There is no Chromium here: {error.message.splitlines()[0]}")
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Iterator[Page]:
    """One for all tests: in a new one all scripts of a page are compiled anew, which takes longer than most tests."""
    tab = browser.new_page()
    tab.set_default_timeout(60_000)
    yield tab
    tab.close()


@pytest.fixture
def opened(tab: Page) -> Iterator[Page]:
    """What the tab shows already, with the looks of a new one; fails its test if a script on it failed."""
    tab.set_viewport_size({"width": 1400, "height": 900})
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    errors: list[str] = []

    def failed(error: Error) -> None:
        errors.append(str(error))

    def said(message: ConsoleMessage) -> None:
        if "BidiComponent" in message.text:
            errors.append(message.text)

    tab.on("pageerror", failed)
    tab.on("console", said)
    yield tab
    tab.remove_listener("pageerror", failed)
    tab.remove_listener("console", said)
    assert errors == []


@pytest.fixture
def page(opened: Page) -> Iterator[Page]:
    """A page as in a new tab."""
    yield opened
    if opened.url.startswith("http"):
        opened.evaluate("localStorage.clear()")
    opened.goto("about:blank")  # its session ends, and no script of it goes on


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app, served once for all files that have no environment of their own.

    It keeps no spare process, for loading torch slows all tests.
    """
    with serve_app(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app, on a home without a run; one of its own for a file that says with ``ENVIRONMENT`` what it needs.

    At the end of the file workers that are left are killed, and its runs are deleted; the server must have had nothing to
    complain of.
    """
    with ExitStack() as stack:
        environment = getattr(request.module, "ENVIRONMENT", None)
        if environment is None:
            server = request.getfixturevalue("shared")
        else:
            server = stack.enter_context(serve_app(tmp_path_factory.mktemp("lab"), environment))
        yield server
        end_workers(server.home)
        store = Store(server.home)
        for run in store.runs():
            delete(store, run.id)
    said = server.log.read_text()
    os.truncate(server.log, 0)  # for the next file
    assert complaints(said) == [], said


@pytest.fixture(scope="module")
def lab(server: App) -> Path:
    """The home folder of the served app."""
    return server.home


@pytest.fixture(scope="module")
def address(server: App) -> str:
    """The address of the app."""
    return server.url


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The small app of a file's own, its ``APP``, or that of the file beside it which it calls ``SCRIPT``."""
    if name := getattr(request.module, "SCRIPT", None):
        return Path(__file__).with_name(name)
    file = tmp_path_factory.mktemp("app") / "app.py"
    file.write_text(request.module.APP)
    return file


@pytest.fixture(scope="module")
def own_address(script: Path, tab: Page, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of that app: below a path as behind a proxy where the file names one, as ``BELOW``."""
    with serve(script, getattr(request.module, "BELOW", "")) as server:
        yield server.url
        tab.goto("about:blank")


@pytest.fixture(scope="module")
def phone(browser: Browser, own_address: str) -> Iterator[Page]:
    """A phone, for that app."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield page
    page.close()
