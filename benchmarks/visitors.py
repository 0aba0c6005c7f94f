"""Visitors who click everything at random, beside each other on one server with real trainings: none may meet an error."""

import asyncio
import random
import re
import tempfile
import time
from pathlib import Path

from benchmarks.visitor import Visitor
from genmodels.runs.run import LOCK
from genmodels.runs.store import Store
from genmodels.storage.files import is_held
from genmodels.storage.paths import PROJECT
from tests.browser.serving import Server, serve
from tests.support.helpers import end_workers

VISITORS, SECONDS = 20, 300.0
LONGEST_QUEUE = 5  # each run that waits is a process
FAULTS = re.compile(r"Traceback|Uncaught|was never awaited|Error processing")
OURS = re.compile(r'File "[^"]*/(genmodels|pages)/|streamlit_app\.py"')  # lines of this program in a traceback
ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)  # where Streamlit's log says something new


def measure(turns: int) -> dict[str, float]:
    """What all of them did, and how much memory the server took; raises ``AssertionError`` with what any of them met."""
    return visit(VISITORS, SECONDS)


def visit(visitors: int, seconds: float, seed: int = 0) -> dict[str, float]:
    """``measure``, for so many visitors and so long."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        log = Path(home) / "server.log"
        environment = {
            "GENMODELS_HOME": home,
            "GENMODELS_LONGEST_QUEUE": str(LONGEST_QUEUE),
            "STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full",  # so that a visitor can tell what it was
        }
        with serve(PROJECT / "streamlit_app.py", environment=environment, log=log) as server:
            try:
                result, complaints = asyncio.run(_crowd(server, visitors, seconds, seed))
            finally:
                server.process.kill()  # it would finish what it makes for those who have left
                end_workers(Path(home))
        told = faults(log)
        complaints += ours(told) + _lost(Store(Path(home)))
        assert not complaints, "\n".join(dict.fromkeys(complaints))
        return result | {"errors of Streamlit alone in the log": len(told)}


async def _crowd(server: Server, visitors: int, seconds: float, seed: int) -> tuple[dict[str, float], list[str]]:
    until = time.monotonic() + seconds
    crowd = [Visitor(server.url, random.Random(seed * 1000 + number)) for number in range(visitors)]
    stays = [asyncio.create_task(visitor.stay(until)) for visitor in crowd]
    sizes = [server.process.memory_info().rss]
    while not all(stay.done() for stay in stays):
        await asyncio.sleep(1.0)
        sizes.append(server.process.memory_info().rss)
    complaints = [complaint for visitor in crowd for complaint in visitor.complaints]
    complaints += [repr(stay.exception()) for stay in stays if stay.exception()]
    half = len(sizes) // 2
    return {
        "visitors": visitors,
        "clicks": sum(visitor.clicks for visitor in crowd),
        "kinds of widgets": len(set().union(*(visitor.touched for visitor in crowd))),
        "server memory after half the time, MB": sizes[half] / 1e6,
        "server memory at the end, MB": sizes[-1] / 1e6,
        "server memory at most, MB": max(sizes) / 1e6,
    }, complaints


def faults(log: Path) -> list[str]:
    """What a log tells of errors that nobody was meant to see."""
    return [entry for entry in ENTRY.split(log.read_text(errors="replace")) if FAULTS.search(entry)]


def ours(faults: list[str]) -> list[str]:
    """Those that this program has a part in: Streamlit tells in the same way of who left, or pressed what was just gone."""
    return [fault for fault in faults if OURS.search(fault)]


def _lost(store: Store) -> list[str]:
    """Runs whose worker was not killed and yet left no word, and what their logs tell."""
    told = [f"{run.id}: {fault}" for run in store.runs() for fault in faults(store.folder(run.id) / "worker.log")]
    return told + [
        f"{run.id} has no worker, and is {run.state}"
        for run in store.runs()
        if run.state == "interrupted" and not is_held(store.folder(run.id) / LOCK)
    ]
