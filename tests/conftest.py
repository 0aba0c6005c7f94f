"""Every test has an empty home of its own, and no data but the embedded sample."""

import os
import secrets
import signal
import socket
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.durations import durations

# Test processes share few cores; more threads than cores make all of them slow. Before anything loads torch.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OMP_WAIT_POLICY"] = "passive"  # t-SNE's threads would spin while others have the cores they wait for
# What numba compiles, for UMAP, it compiles once for all tests, and not into the home of each.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "numba"))
os.environ["GENMODELS_SPARE"] = "0"  # it is tested where it is asked for
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # under nohup it would be ignored, by all that tests start, too


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as slow what was measured to be so, and takes the files that take longest first, so that of several processes none is
    left with one of them at the end."""
    files: dict[Path, float] = defaultdict(float)
    for node, seconds in durations().items():
        files[Path(node.split("::")[0])] += seconds
    for item in items:
        if item.get_closest_marker("exhaustive") or item.nodeid.split("[")[0] in durations():
            item.add_marker("slow")
    items.sort(key=lambda item: -files[item.path.relative_to(item.config.rootpath)])


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """AppTest looks through all installed packages for components whenever a page runs, which takes thrice as long as most pages."""
    with pytest.MonkeyPatch.context() as patch:
        if "streamlit" in sys.modules:  # else none of the tests needs it
            from streamlit.components.v2 import manifest_scanner as scanner

            patch.setattr(scanner, "scan_component_manifests", cache(scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runs, caches and downloads."""
    folder = tmp_path / "home"
    monkeypatch.setenv("GENMODELS_HOME", str(folder))
    monkeypatch.delenv("GENMODELS_DATA", raising=False)
    return folder


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest leaves its page behind as the main module, which multiprocessing would run again in its children."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def own_signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For a worker in the process of the tests, whose signals it takes over: they are given back.

    The cards that it claims until that process ends are this test's own.
    """
    monkeypatch.setattr("genmodels.jobs.devices.CLAIM", secrets.token_hex(8))
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue starts workers that have loaded torch: processes of their own, but not new ones."""
    from tests.support.forked import Forked

    monkeypatch.setattr("genmodels.jobs.queue.SPARE", Forked())


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address but this machine's own can be found."""
    found = socket.getaddrinfo

    def refuse(host: Any, *arguments: Any, **options: Any) -> Any:
        if host not in ("127.0.0.1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "the test has no network")
        return found(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
