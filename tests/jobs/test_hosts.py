"""Several hosts on one store: who may signal, stop, resume and give up whom. The other hosts are pretended."""

import os
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from genmodels.jobs import queue, stop_signal, worker
from genmodels.runs.run import LOCK
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from genmodels.training import trainer
from tests.support.hosts import go_to, silenced
from tests.support.training import tiny

On = Callable[[str], None]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    return lambda where: go_to(where, monkeypatch)


def see(store: Store, run: Run) -> Run:
    found = store.get(run.id)
    assert found is not None
    return found


def under_way(store: Store) -> tuple[Run, int]:
    """A run with a worker on this host, and the descriptor of its lock."""
    run = store.create(tiny().model_dump())
    held = queue.hold(store, run.id)
    store.update(run.id, state="running", pid=os.getpid())
    return see(store, run), held


def test_a_stop_asks_the_worker_of_another_host_and_signals_nobody_here(on: On):
    """Not even a process that has the same number, and looks at the same lock."""
    on("one")
    store = Store()
    run, held = under_way(store)
    on("two")
    with subprocess.Popen(["sleep", "60"], pass_fds=[held]) as stranger:
        store.update(run.id, pid=stranger.pid)
        queue.stop(store, run.id)
        with pytest.raises(subprocess.TimeoutExpired):
            stranger.wait(0.3)
        assert see(store, run).stop_requested
        on("one")
        queue.stop(store, run.id)
        assert stranger.wait(20) < 0
    os.close(held)


def test_a_run_of_another_host_is_not_resumed_nor_deleted_while_its_worker_is_heard_of(on: On):
    on("one")
    store = Store()
    run, held = under_way(store)
    os.close(held)  # as the other host sees it, where a disk locks for each host by itself
    on("two")
    for change in (queue.resume, queue.delete):
        with pytest.raises(queue.JobError, match=r"^This run is already under way on one: [^.]+\.$"):
            change(store, run.id)
    assert see(store, run).state == "running"


def test_a_run_that_has_ended_on_another_host_is_taken_at_once(on: On):
    on("one")
    store = Store()
    run, held = under_way(store)
    store.update(run.id, state="stopped")
    os.close(held)
    on("two")
    os.close(queue.hold(store, run.id))


def test_a_worker_of_another_host_counts_as_dead_when_it_has_long_been_silent_and_not_before(on: On):
    on("one")
    store = Store()
    run, held = under_way(store)
    os.close(held)
    on("two")
    queue.mark_interrupted(store)
    assert see(store, run).state == "running"
    silenced(store.folder(run.id) / LOCK)
    queue.mark_interrupted(store)
    assert (see(store, run).state, see(store, run).pid) == ("interrupted", None)
    assert see(store, run).error.startswith("Nothing has been heard of the process on one for 2 minutes, so ")


def test_a_lock_that_the_disk_keeps_for_a_host_that_is_gone_is_not_in_the_way(on: On, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "LOCK_PATIENCE", 0.1)
    on("one")
    store = Store()
    run, kept = under_way(store)
    silenced(store.folder(run.id) / LOCK)
    on("two")
    queue.mark_interrupted(store)
    held = queue.hold(store, run.id)
    assert lock(store.folder(run.id) / LOCK) is None
    with pytest.raises(queue.JobError, match=r"^This run is already under way: "):
        queue.hold(store, run.id)
    os.close(held)
    os.close(kept)


def test_a_store_that_is_rebuilt_on_another_host_leaves_a_worker_its_run(on: On):
    on("one")
    store = Store()
    run, held = under_way(store)
    store.save_copy(run.id)
    os.close(held)
    on("two")
    store.path.unlink()
    assert see(Store(), run).state == "running"
    silenced(store.folder(run.id) / LOCK)
    store.path.unlink()
    assert see(Store(), run).state == "interrupted"


@pytest.mark.usefixtures("own_signals")
def test_a_stop_through_the_store_alone_ends_what_takes_long_before_the_first_step(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    run = store.create(tiny().model_dump())

    class Downloading:
        def __init__(self, *arguments: Any) -> None:
            store.update_alive(run.id, stop_requested=True)  # as a page on another host does
            time.sleep(60)

        def run(self, should_stop: Any, until: float) -> NoReturn:
            raise AssertionError("training was started")

    monkeypatch.setattr(trainer, "Trainer", Downloading)
    monkeypatch.setattr(stop_signal, "LISTEN_SECONDS", 0.02)
    began = time.monotonic()
    assert worker.work(store, run, queue.hold(store, run.id), print) == "stopped"
    assert time.monotonic() - began < 30
    assert see(store, run).state == "stopped"


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize("is_resumed", [True, False])
def test_a_worker_that_was_given_up_meanwhile_leaves_and_does_not_touch_what_is_another_s(
    on: On, monkeypatch: pytest.MonkeyPatch, is_resumed: bool
):
    """Such as on a machine that slept: the run was marked, and maybe resumed, on another host."""
    store = Store()
    run = store.create(tiny().model_dump())

    class Sleeping:
        def __init__(self, *arguments: Any) -> None:
            pass

        def run(self, should_stop: Callable[[], bool], until: float) -> str:
            assert not should_stop()
            silenced(store.folder(run.id) / LOCK)
            on("two")
            queue.mark_interrupted(store)
            if is_resumed:
                self.held = queue.hold(store, run.id)
                store.update(run.id, state="running", pid=7)
            on("one")
            assert should_stop()
            return "stopped"

    monkeypatch.setattr(trainer, "Trainer", Sleeping)
    on("one")
    assert worker.work(store, run, queue.hold(store, run.id), print) == "stopped"
    assert (see(store, run).state, see(store, run).pid) == (("running", 7) if is_resumed else ("stopped", None))


@pytest.mark.usefixtures("own_signals")
def test_a_worker_is_heard_of_as_long_as_it_trains(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    run = store.create(tiny().model_dump())
    heard = threading.Event()

    class Training:
        def __init__(self, *arguments: Any) -> None:
            path = store.folder(run.id) / LOCK
            silenced(path)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and not heard.is_set():
                if time.time() - path.stat().st_mtime < 60:
                    heard.set()
                time.sleep(0.01)

        def run(self, should_stop: Any, until: float) -> str:
            return "finished"

    monkeypatch.setattr(trainer, "Trainer", Training)
    monkeypatch.setattr("genmodels.storage.host_lock.BEAT_SECONDS", 0.02)
    assert worker.work(store, run, queue.hold(store, run.id), print) == "finished"
    assert heard.is_set()
