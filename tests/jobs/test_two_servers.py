"""Two servers on one store."""

import subprocess
import sys

import pytest

from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT

SERVER = """
import sys, time
from contextlib import suppress
from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store

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
if max(seen) > 1:
    sys.exit("two runs trained at once on one device")
"""


@pytest.mark.slow
@pytest.mark.exhaustive
def test_two_servers_on_one_store_agree_on_every_run():
    """Each starts a run, stops it, resumes what anybody has stopped, and looks for the dead all the time."""
    store = Store()
    servers = [subprocess.Popen([sys.executable, "-c", SERVER], cwd=PROJECT, stderr=subprocess.PIPE) for _ in range(2)]
    told = [server.communicate(timeout=120)[1].decode() for server in servers]
    assert ([server.returncode for server in servers], told) == ([0, 0], ["", ""])
    assert [(run.state, run.step) for run in store.runs()] == [("finished", 16)] * 2
    for run in store.runs():
        assert "Traceback" not in (store.folder(run.id) / "worker.log").read_text()
