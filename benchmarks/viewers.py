"""Whether fifty viewers of one run slow its training. They speak Streamlit's protocol, on the same machine, and draw nothing."""

import asyncio
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.session import Session
from genmodels.config.families import DCGANConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.browser.serving import Server, serve
from tests.support.helpers import end_workers

VIEWERS = 50
SETTLING, WATCHING = 40.0, 30.0  # seconds
RUN = DCGANConfig(dataset="mnist-sample", epochs=2000, width=32, batch_size=32, check_every=0)


def measure(turns: int) -> dict[str, float]:
    """How much slower training is with the viewers than before and after them, as a share, and the server's part of a core;
    medians over ``turns``, as machines are shared."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        with serve(PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home}) as server:
            run = queue.start(store, RUN)
            try:
                while (row := store.get(run.id)) is not None and row.step == 0:
                    time.sleep(0.2)
                alone = [_speed(store, run.id)]
                watched = []
                for _ in range(turns):
                    watched.append(asyncio.run(_watched(server, store, run.id)))
                    alone.append(_speed(store, run.id))
            finally:
                end_workers(Path(home))
    beside = zip(watched, pairwise(alone), strict=True)
    slowed = [1 - 2 * speed / (before + after) for (speed, _), (before, after) in beside]
    return {
        f"training slowed by {VIEWERS} viewers, share": median(slowed),
        f"server CPU with {VIEWERS} viewers, cores": median(cpu for _, cpu in watched),
    }


def _speed(store: Store, run: str) -> float:
    """Steps per second."""
    first, begin = store.get(run), time.monotonic()
    time.sleep(WATCHING)
    last = store.get(run)
    assert first is not None
    assert last is not None
    return (last.step - first.step) / (time.monotonic() - begin)


async def _watched(server: Server, store: Store, run: str) -> tuple[float, float]:
    """Steps per second, and the server's cores, while viewers look."""
    viewers = [asyncio.create_task(_view(server.url, f"run={run}")) for _ in range(VIEWERS)]
    await asyncio.sleep(SETTLING)
    before, begin = server.process.cpu_times(), time.monotonic()
    speed = await asyncio.to_thread(_speed, store, run)
    after, seconds = server.process.cpu_times(), time.monotonic() - begin
    gone = [str(viewer.exception()) for viewer in viewers if viewer.done()]
    assert not gone, gone
    for viewer in viewers:
        viewer.cancel()
    return speed, (after.user + after.system - before.user - before.system) / seconds


async def _view(url: str, query: str) -> None:
    async with Session(url, "dcgan", query) as viewer:
        await viewer.follow()
