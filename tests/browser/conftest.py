"""A real browser."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from genmodels.storage.paths import PROJECT
from tests.browser.serving import launch, serve
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


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One for the tests of a file: in a new one all scripts of a page are compiled anew, which takes longer than most tests."""
    tab = browser.new_page()
    tab.set_default_timeout(60_000)
    yield tab
    tab.close()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """A page as in a new tab, which fails its test if a script on it failed."""
    tab.set_viewport_size({"width": 1400, "height": 900})
    tab.emulate_media(color_scheme="light")
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
    tab.goto("about:blank")  # its session ends, and no script of it goes on
    assert errors == []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the served app."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(lab: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the app. Workers that are left at the end are killed; the server must have had nothing to complain of.

    It keeps a spare process only for a file that says so with ``SPARE = "1"``: loading torch slows all tests.
    """
    log = lab / "server.log"
    environment = {"GENMODELS_HOME": str(lab), "GENMODELS_SPARE": getattr(request.module, "SPARE", "0")}
    with serve(PROJECT / "streamlit_app.py", environment=environment, log=log) as server:
        yield server.url
    end_workers(lab)
    complaints = re.findall(r"^.*(?:Traceback|Error|Warning|torch).*$", log.read_text(), re.MULTILINE)
    assert complaints == []


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The small app of a file's own, its ``APP``."""
    file = tmp_path_factory.mktemp("app") / "app.py"
    file.write_text(request.module.APP)
    return file


@pytest.fixture(scope="module")
def own_address(script: Path) -> Iterator[str]:
    """The address of that app."""
    with serve(script) as server:
        yield server.url
