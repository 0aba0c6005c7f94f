"""Whether fifty viewers of one run slow its training.

They speak Streamlit's protocol, on the same machine, and draw nothing. What they need themselves is not the server's doing, so
training is also measured beside a process that is as busy as they were, and does nothing.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.app import kill_workers
from benchmarks.session import Session
from genmodels import jobs
from genmodels.families import DCGANConfig
from genmodels.store import Store
from tests.browser.serving import REPOSITORY, Server, serve

VIEWERS = 50
SETTLING, WATCHING = 40.0, 30.0  # seconds
PERIOD = 0.05  # seconds, of which a busy process is busy for its share
RUN = DCGANConfig(dataset="mnist-sample", epochs=2000, width=32, batch_size=32, check_every=0)


def measure(turns: int) -> dict[str, float]:
    """How much slower training is with the server's work for the viewers, as a share: beside them against beside a process as busy
    as they are; the same with their own work, against training alone; and the cores of each."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        with serve(REPOSITORY / "streamlit_app.py", environment={"GENMODELS_HOME": home}) as server:
            run = jobs.start(store, RUN)
            try:
                while (row := store.get(run.id)) is not None and row.step == 0:
                    time.sleep(0.2)
                alone = _speed(store, run.id)
                watched, cpu, own = asyncio.run(_watched(server, store, run.id))
                busy = asyncio.run(_beside_a_busy_process(store, run.id, own))
                alone = (alone + _speed(store, run.id)) / 2
            finally:
                kill_workers(Path(home))
    return {
        f"training slowed by the server's work for {VIEWERS} viewers, share": 1 - watched / busy,
        "the same, and by their own work on these cores, share": 1 - watched / alone,
        f"server CPU with {VIEWERS} viewers, cores": cpu,
        "the viewers' own, cores": own,
    }


def _speed(store: Store, run: str) -> float:
    """Steps per second."""
    first, begin = store.get(run), time.monotonic()
    time.sleep(WATCHING)
    last = store.get(run)
    assert first is not None
    assert last is not None
    return (last.step - first.step) / (time.monotonic() - begin)


async def _watched(server: Server, store: Store, run: str) -> tuple[float, float, float]:
    """Steps per second while viewers look, and the cores of the server and of the viewers."""
    viewers = [asyncio.create_task(_view(server.url, f"run={run}")) for _ in range(VIEWERS)]
    await asyncio.sleep(SETTLING)
    before, own, begin = server.process.cpu_times(), time.process_time(), time.monotonic()
    speed = await asyncio.to_thread(_speed, store, run)
    after, own, seconds = server.process.cpu_times(), time.process_time() - own, time.monotonic() - begin
    gone = [str(viewer.exception()) for viewer in viewers if viewer.done()]
    assert not gone, gone
    for viewer in viewers:
        viewer.cancel()
    return speed, (after.user + after.system - before.user - before.system) / seconds, own / seconds


async def _beside_a_busy_process(store: Store, run: str, cores: float) -> float:
    """Steps per second while this process takes so many cores, fewer than one."""
    measuring = asyncio.create_task(asyncio.to_thread(_speed, store, run))
    while not measuring.done():
        end = time.process_time() + cores * PERIOD
        while time.process_time() < end:
            pass
        await asyncio.sleep((1 - cores) * PERIOD)
    return await measuring


async def _view(url: str, query: str) -> None:
    async with Session(url, "dcgan", query) as viewer:
        await viewer.follow()
