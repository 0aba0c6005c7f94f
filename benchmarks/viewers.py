"""What a class costs the training of one run: thirty tabs that are open beside a viewer of it, and thirty viewers; and how often a viewer's
panel is renewed. They speak Streamlit's protocol, on the same machine, and draw nothing."""

import asyncio
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.session import Session
from genmodels.config.families import DCGANConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.browser.serving import Server, serve
from tests.support.helpers import end_workers

TABS = 30
SETTLING, WATCHING = 40.0, 30.0  # seconds
RUN = DCGANConfig(dataset="mnist-sample", epochs=2000, width=32, batch_size=32, check_every=0)
OWNER = "another's"  # so that the run is of no tab's visitor
IDLE = ("vae", "run=vae-mnist")  # what an idle tab shows


@dataclass(frozen=True)
class Scene:
    """Some tabs at a page, and how training and they fare: steps a second, the server's cores, seconds between two renewals."""

    speed: float
    cpu: float
    renewed: float


class Viewer(Session):
    """A tab at the run's page, which notes when its curves are renewed."""

    def __init__(self, url: str, page: str, query: str) -> None:
        super().__init__(url, page, query)
        self.renewals: list[float] = []
        self.begun = False  # whether a look has begun that has not renewed the curves yet

    def received(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self.begun = True
        elif self.begun and message.delta.new_element.WhichOneof("type") == "bidi_component":
            self.begun = False
            self.renewals.append(time.monotonic())


def measure(turns: int) -> dict[str, float]:
    """For each scene: how much slower training is than before and after it, as a share; the server's part of a core; and the
    longest that any viewer waited for its curves, the middle one of all viewers. Medians over ``turns``, as machines are shared."""
    return measure_with(turns, TABS)


def measure_with(turns: int, tabs: int) -> dict[str, float]:
    """``measure``, with so many tabs."""
    scenes = {f"{tabs} idle tabs and a viewer": (1, tabs), f"{tabs} viewers": (tabs, 0)}
    result: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        with serve(
            PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home, "GENMODELS_SPARE": "0"}
        ) as server:
            run = queue.start(store, RUN, owner=OWNER)
            try:
                while (row := store.get(run.id)) is not None and row.step == 0:
                    time.sleep(0.2)
                for name, (viewers, idle) in scenes.items():
                    alone, seen = [_speed(store, run.id)], []
                    for _ in range(turns):
                        seen.append(asyncio.run(_look(server, store, run.id, viewers, idle)))
                        alone.append(_speed(store, run.id))
                    slowed = [
                        1 - 2 * scene.speed / sum(pair) for scene, pair in zip(seen, pairwise(alone), strict=True)
                    ]
                    result |= {
                        f"training slowed by {name}, share": median(slowed),
                        f"server CPU with {name}, cores": median(scene.cpu for scene in seen),
                        f"curves renewed with {name}, every s": median(scene.renewed for scene in seen),
                    }
            finally:
                end_workers(Path(home))
    return result


def _speed(store: Store, run: str) -> float:
    """Steps per second."""
    first, begin = store.get(run), time.monotonic()
    time.sleep(WATCHING)
    last = store.get(run)
    assert first is not None
    assert last is not None
    return (last.step - first.step) / (time.monotonic() - begin)


async def _look(server: Server, store: Store, run: str, viewers: int, idle: int) -> Scene:
    looking = [Viewer(server.url, "dcgan", f"run={run}") for _ in range(viewers)]
    tabs = [asyncio.create_task(_stay(tab)) for tab in (*looking, *(Session(server.url, *IDLE) for _ in range(idle)))]
    await asyncio.sleep(SETTLING)
    before, begin = server.process.cpu_times(), time.monotonic()
    speed = await asyncio.to_thread(_speed, store, run)
    after, end = server.process.cpu_times(), time.monotonic()
    gone = [str(tab.exception()) for tab in tabs if tab.done()]
    assert not gone, gone
    for tab in tabs:
        tab.cancel()
    for tab in tabs:
        with suppress(asyncio.CancelledError):
            await tab
    waits = [_longest_wait(viewer.renewals, begin, end) for viewer in looking]
    return Scene(speed, (after.user + after.system - before.user - before.system) / (end - begin), median(waits))


def _longest_wait(renewals: list[float], begin: float, end: float) -> float:
    """Seconds between two renewals at most, from ``begin`` to ``end``, and from the last one before to the first in between."""
    times = [
        max((at for at in renewals if at <= begin), default=begin),
        *(at for at in renewals if begin < at <= end),
        end,
    ]
    return max(after - before for before, after in pairwise(times))


async def _stay(tab: Session) -> None:
    async with tab:
        await tab.follow()
