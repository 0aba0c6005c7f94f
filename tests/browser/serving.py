"""Serve a Streamlit script to a browser."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import Browser, Playwright

from genmodels.storage.paths import PROJECT
from tests.support.helpers import wait_until

CHROMIUM_ARGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"


def launch(playwright: Playwright) -> Browser:
    """Chromium: the system's, else Playwright's own; raises Playwright's ``Error`` when there is none."""
    own = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=own, args=CHROMIUM_ARGS.split())


class Server(NamedTuple):
    """A running one."""

    url: str
    process: psutil.Process


def listening(process: psutil.Process) -> int | None:
    """The port on which a process waits for others, once it does."""
    ports = [at.laddr.port for at in process.net_connections("tcp") if at.status == psutil.CONN_LISTEN]
    return ports[0] if ports else None


@contextmanager
def serve(
    script: Path, path: str = "", environment: dict[str, str] | None = None, log: Path | None = None
) -> Iterator[Server]:
    """A Streamlit server of ``script``, below ``path``; it is stopped at the end of the block.

    What the server prints goes to ``log``, if there is one.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    with serve_by(command, PROJECT, path, {"PYTHONPATH": str(PROJECT)} | (environment or {}), log) as server:
        yield server


class App(NamedTuple):
    """The app, where it runs."""

    url: str
    home: Path
    log: Path


@contextmanager
def serve_app(home: Path, environment: dict[str, str] | None = None) -> Iterator[App]:
    """The app on a folder of runs; without a spare process, unless the environment says so."""
    log = home / "server.log"
    variables = {"GENMODELS_HOME": str(home), "GENMODELS_SPARE": "0"} | (environment or {})
    with serve(PROJECT / "streamlit_app.py", environment=variables, log=log) as server:
        yield App(server.url, home, log)


def complaints(log: str) -> list[str]:
    """The lines in which the app's server complains of something, or has loaded torch on the way to a page."""
    return re.findall(r"^.*(?:Traceback|Error|Warning|torch).*$", log, re.MULTILINE)


@contextmanager
def serve_by(
    command: Sequence[str],
    folder: Path,
    path: str = "",
    environment: dict[str, str] | None = None,
    log: Path | None = None,
) -> Iterator[Server]:
    """The server that ``command``, to which Streamlit's options are added, starts in ``folder``; else as ``serve``."""
    # Port 0: the kernel gives a free one in the same moment as the server takes it.
    options = "--server.port 0 --server.address 127.0.0.1 --server.headless true --server.fileWatcherType none"
    if path:
        options += f" --server.baseUrlPath {path}"
    output = log.open("a") if log else None
    server = subprocess.Popen(
        [*command, *options.split()],
        env=os.environ | (environment or {}),
        cwd=folder,
        stdout=output,
        stderr=output,
    )
    process = psutil.Process(server.pid)
    try:
        port = wait_until(lambda: listening(process))
        url = f"http://127.0.0.1:{port}/{path}/" if path else f"http://127.0.0.1:{port}/"
        wait_until(lambda: urllib.request.urlopen(url + "_stcore/health").status == 200)
        yield Server(url, process)
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:  # it finishes what it makes for those who have left
            server.kill()
            server.wait()
        if output:
            output.close()
