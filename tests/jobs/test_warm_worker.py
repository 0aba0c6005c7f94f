"""A process that is ready to train: it takes one run, and never stays without use."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.jobs.warm_worker import Spare
from genmodels.runs.store import Store
from tests.support.helpers import children_running, see, wait_until

pytestmark = pytest.mark.slow
SMALL = VAEConfig(epochs=1, batch_size=500, width=4, hidden=16, preview_every=0, check_every=0, device="cpu")


@pytest.fixture
def spare(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spare]:
    monkeypatch.setenv("GENMODELS_SPARE", "1")
    spare = Spare()
    monkeypatch.setattr(queue, "SPARE", spare)
    yield spare
    for process in processes():
        with suppress(psutil.NoSuchProcess):
            process.kill()


def processes() -> list[psutil.Process]:
    """Spare processes, whether they wait or train by now."""
    return children_running("genmodels.jobs.warm_worker")


def test_one_is_kept_which_loads_torch_before_there_is_a_run_trains_one_run_and_ends_with_it(
    store: Store, spare: Spare
):
    spare.keep()
    spare.keep()
    (process,) = processes()
    wait_until(lambda: any("libtorch_cpu" in part.path for part in process.memory_maps()))
    before = set(psutil.Process().children())
    run, second = queue.start(store, SMALL), queue.start(store, SMALL)
    (another,) = set(psutil.Process().children()) - before
    assert wait_until(lambda: see(store, run).pid) == process.pid
    assert wait_until(lambda: see(store, second).pid) == another.pid
    queue.stop(store, second.id)
    wait_until(lambda: see(store, run).state == "finished")
    wait_until(lambda: processes() == [])
    assert "The run is finished" in (store.folder(run.id) / "worker.log").read_text()


@pytest.mark.exhaustive
def test_a_dead_one_costs_nothing_but_time(store: Store, spare: Spare):
    """The run gets a worker; that such a new one trains is seen below."""
    spare.keep()
    (process,) = processes()
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: processes() == [])
    run = queue.start(store, SMALL)
    wait_until(lambda: see(store, run).state == "running")


@pytest.mark.exhaustive
def test_a_run_whose_process_dies_is_interrupted_and_can_go_on(store: Store, spare: Spare):
    spare.keep()
    (process,) = processes()
    os.kill(process.pid, signal.SIGSTOP)  # it has the run, but has not got round to it
    run = queue.start(store, SMALL)
    queue.mark_interrupted(store)
    assert see(store, run).alive
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: processes() == [])
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"
    queue.resume(store, run.id)
    wait_until(lambda: see(store, run).state == "finished")


@pytest.mark.exhaustive
def test_it_leaves_when_nobody_asks_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_SPARE", "1")
    Spare(idle_seconds=0.1).keep()
    assert len(processes()) == 1
    wait_until(lambda: processes() == [])


@pytest.mark.exhaustive
def test_it_leaves_with_its_server(spare: Spare):
    spare.keep()
    assert len(processes()) == 1
    spare._socket.close()  # type: ignore[union-attr]  # what the kernel does when the server dies
    wait_until(lambda: processes() == [])


def test_none_is_kept_where_that_is_turned_off(spare: Spare, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_SPARE", "0")
    spare.keep()
    assert processes() == []
