"""Workers and servers killed at random moments, and resumed by a visitor: the run must end as one that was left alone."""

import asyncio
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from benchmarks.visitor import Visitor
from benchmarks.visitors import faults, ours
from genmodels.checkpoints import checkpoint
from genmodels.config.base import RunConfig
from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.runs.run import LOCK
from genmodels.runs.store import Run, Store
from genmodels.storage.files import is_held
from genmodels.storage.paths import PROJECT
from tests.browser.serving import serve
from tests.support.helpers import end_worker, end_workers, wait_until

KILLS = 50
LONGEST = 8.0  # seconds that a life may last
RUN = VAEConfig(
    dataset="mnist-sample", epochs=150, width=8, hidden=64, latent_dim=4, batch_size=100, checkpoint_every=0.2, device="cpu"
)  # fmt: skip


def measure(turns: int) -> dict[str, float]:
    """How many were killed, and what it came to; raises ``AssertionError`` for anything that was lost."""
    return kill(RUN, KILLS)


def kill(config: RunConfig, kills: int, seed: int = 0) -> dict[str, float]:
    """``measure``, with so many kills of a run of ``config``."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        store, other = Store(Path(home) / "killed"), Store(Path(home) / "left alone")
        # As if its first worker had been killed before it did anything.
        run = queue.create(store, config)
        victims = {"worker": 0, "server": 0}
        lost_steps, outlived, unfinished = 0, 0, 0
        try:
            with ExitStack() as stack:
                lab = _Lab(store, run, Path(home) / "server.log", stack)
                for _ in range(kills):
                    lab.go_on()
                    time.sleep(chance.uniform(0, LONGEST))
                    saved, reached = lab.saved(), lab.see().step
                    if lab.see().state == "finished":
                        break
                    victim = chance.choice(list(victims))
                    if victim == "worker" and lab.kill_worker():
                        victims["worker"] += 1
                        lost_steps += max(0, reached - lab.saved())
                        unfinished += any((store.folder(run.id) / "checkpoints").glob(".writing-*"))
                    else:
                        victims["server"] += 1
                        outlived += lab.kill_server()
                    assert lab.saved() >= saved, "a checkpoint was lost"
                while lab.see().state != "finished":
                    lab.go_on()
                    wait_until(lambda: not lab.see().alive, 600)
            alone = queue.start(other, config)
            wait_until(lambda: (row := other.get(alone.id)) is not None and row.state == "finished", 600)
            _assert_same(store, run, other, alone)
            logs = [Path(home) / "server.log", store.folder(run.id) / "worker.log"]
            assert not (told := ours([fault for log in logs for fault in faults(log)])), "\n".join(told)
        finally:
            for opened in (store, other):
                end_workers(opened.root)
        return {
            "workers killed": victims["worker"],
            "servers killed": victims["server"],
            "workers that outlived their server": outlived,
            "saves cut off": unfinished,
            "steps trained anew after a kill, mean": lost_steps / max(1, victims["worker"]),
        }


class _Lab:
    """A run, the server that its worker is started by, and a visitor who looks and presses Resume."""

    def __init__(self, store: Store, run: Run, log: Path, stack: ExitStack) -> None:
        self.store, self.run, self.log, self.stack = store, run, log, stack
        self.serve()

    def see(self) -> Run:
        found = self.store.get(self.run.id)
        assert found is not None, "the run was lost"
        return found

    def saved(self) -> int:
        """The step of the newest whole checkpoint."""
        found, passed_over = checkpoint.latest(self.store.folder(self.run.id) / "checkpoints")
        assert not passed_over, passed_over
        return found.step if found else 0

    def serve(self) -> None:
        environment = {"GENMODELS_HOME": str(self.store.root)}
        self.server = self.stack.enter_context(
            serve(PROJECT / "streamlit_app.py", environment=environment, log=self.log)
        )

    def go_on(self) -> None:
        """Have a visitor press Resume, unless the run is under way."""
        if not is_held(self.store.folder(self.run.id) / LOCK) and self.see().state != "finished":
            asyncio.run(self._press("Resume"))

    async def _press(self, label: str) -> None:
        page, query = self.run.config["family"], f"run={self.run.id}"
        async with Visitor(self.server.url, random.Random(0), page, query) as visitor:
            following = asyncio.create_task(visitor.follow())
            for _ in range(120):
                await asyncio.sleep(1.0)
                if is_held(self.store.folder(self.run.id) / LOCK):
                    break
                await visitor.press(label)
            following.cancel()
            assert not visitor.complaints, visitor.complaints

    def kill_worker(self) -> bool:
        """Whether there was one; its lock is free then."""
        if self.see().pid is None or not is_held(self.store.folder(self.run.id) / LOCK):
            return False
        end_worker(self.store, self.run.id)
        return True

    def kill_server(self) -> bool:
        """Put another one in its place; whether a worker was under way, which must not notice."""
        before = is_held(self.store.folder(self.run.id) / LOCK) and self.see().pid is not None
        self.server.process.kill()
        self.server.process.wait()
        if before and self.see().state != "finished":
            assert is_held(self.store.folder(self.run.id) / LOCK), "the worker died with the server"
        self.serve()
        return before


def _assert_same(store: Store, run: Run, other: Store, alone: Run) -> None:
    """Curves and weights, bit for bit."""
    ours, theirs = store.metrics(run.id), other.metrics(alone.id)
    pd.testing.assert_frame_equal(ours.drop(columns="id"), theirs.drop(columns="id"), check_exact=True)
    (left, _), (right, _) = (
        checkpoint.latest(at.folder(of.id) / "checkpoints") for at, of in ((store, run), (other, alone))
    )
    assert left is not None
    assert right is not None
    assert left.step == right.step
    assert all(left.weights[name].equal(tensor) for name, tensor in right.weights.items())
