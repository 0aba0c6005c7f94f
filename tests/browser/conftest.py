"""A real browser, and the app or a script served to it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

REPOSITORY = Path(__file__).parents[2]
CHROMIUM_ARGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"

expect.set_options(timeout=30_000)  # the machine may be busy with other tests


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's, else Playwright's own. Without one the test is skipped, but in CI it fails."""
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS.split(), timeout=60_000
            )
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


@contextmanager
def serve(script: Path, path: str = "", environment: dict[str, str] | None = None) -> Iterator[str]:
    """The address of a Streamlit server of ``script``, below ``path``; it is stopped at the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--server.port {port} --server.address 127.0.0.1 --server.headless true --server.fileWatcherType none"
    if path:
        options += f" --server.baseUrlPath {path}"
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *options.split()],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)} | (environment or {}),
        cwd=REPOSITORY,
    )
    url = f"http://127.0.0.1:{port}/{path}/" if path else f"http://127.0.0.1:{port}/"
    try:
        wait_until(lambda: urllib.request.urlopen(url + "_stcore/health").status == 200)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def wait_until(true: Callable[[], bool], timeout: float = 60) -> None:
    """Poll until ``true()``; raises ``TimeoutError``."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass  # the server does not listen yet
        time.sleep(0.1)
    raise TimeoutError
