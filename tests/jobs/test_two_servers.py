"""Two servers on one store."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store
from tests.support.forked import Forked, fork


def serve() -> str | None:
    """Start a run, stop it, resume what anybody has stopped, and look for the dead all the time; what was wrong."""
    queue.SPARE = Forked()
    store, seen = Store(), set()
    config = VAEConfig(width=4, hidden=16, latent_dim=2, epochs=2, batch_size=500, check_every=0, device="cpu")
    started = queue.start(store, config)
    deadline = time.monotonic() + 100
    queue.stop(store, started.id)
    while time.monotonic() < deadline:
        queue.mark_interrupted(store)
        runs = store.runs()
        seen.add(sum(run.state == "running" for run in runs))
        if len(runs) == 2 and all(run.state == "finished" for run in runs):
            break
        for run in runs:
            if run.state == "stopped":
                with suppress(queue.JobError):  # the other one was first
                    queue.resume(store, run.id)
        time.sleep(0.05)
    return "two runs trained at once on one device" if max(seen) > 1 else None


@pytest.mark.slow
def test_two_servers_on_one_store_agree_on_every_run(store: Store, tmp_path: Path):
    with (tmp_path / "told").open("w") as told:
        servers = [fork(serve, output=told.fileno()) for _ in range(2)]
    for server in servers:
        server.join(120)
    assert ([server.exitcode for server in servers], (tmp_path / "told").read_text()) == ([0, 0], "")
    assert [(run.state, run.step) for run in store.runs()] == [("finished", 16)] * 2
    for run in store.runs():
        assert "Traceback" not in (store.folder(run.id) / "worker.log").read_text()
