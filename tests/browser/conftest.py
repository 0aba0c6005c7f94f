"""A real browser."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from genmodels.store import Store
from tests.browser.serving import REPOSITORY, launch, serve

expect.set_options(timeout=30_000)  # the machine may be busy with other tests


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test if a script on it failed."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "BidiComponent" in message.text else None)
    yield page
    page.close()
    assert errors == []


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the served app."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(lab: Path) -> Iterator[str]:
    """The address of the app. Workers that are left at the end are stopped; the server must have had nothing to complain of."""
    log = lab / "server.log"
    environment = {"GENMODELS_HOME": str(lab), "GENMODELS_SPARE": "1"}
    with serve(REPOSITORY / "streamlit_app.py", environment=environment, log=log) as url:
        yield url
    for run in Store(lab).alive():
        if run.pid:
            os.kill(run.pid, signal.SIGKILL)
    complaints = re.findall(r"^.*(?:Traceback|Error|Warning|torch).*$", log.read_text(), re.MULTILINE)
    assert complaints == []
