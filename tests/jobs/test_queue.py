"""Who waits for which device, and who is next; runs that are stopped, deleted, or have lost their worker."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from genmodels import machine
from genmodels.jobs import cards, queue, worker
from genmodels.jobs.devices import devices_of, hold, present
from genmodels.jobs.stop_signal import StopSignal
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from tests.jobs.test_jobs import DEADLINE, tiny
from tests.support.helpers import is_free, see
from tests.support.pretended_nvml import pretend


def names(config: dict[str, Any]) -> list[str]:
    return [device.name for device in devices_of(config)]


NOBODY = 2**22  # the number of no process


@pytest.mark.usefixtures("own_signals")
def test_even_the_first_in_the_queue_waits_for_a_device_in_use(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Such as by a run whose place in the queue is the second, because it overtook one that was slow to start."""
    run = store.create(tiny().model_dump())
    devices = devices_of(run.config)
    held = hold(store.root / "locks", devices)
    assert held is not None
    looks = []

    def look(store: Store) -> None:
        looks.append(store)
        if len(looks) == 3:
            os.close(held[0])

    monkeypatch.setattr(queue, "mark_interrupted", look)
    got = worker._wait_for_turn(store, run, devices, StopSignal(), lambda text: None)
    assert got is not None
    os.close(got[0])
    assert len(looks) == 3


@pytest.mark.usefixtures("own_signals")
def test_the_second_in_the_queue_waits_though_the_device_is_free(store: Store, monkeypatch: pytest.MonkeyPatch):
    first, second = (store.create(tiny().model_dump()) for _ in range(2))
    looks = []

    def look(store: Store) -> None:
        looks.append(store)
        if len(looks) == 3:
            store.update(first.id, state="finished")

    monkeypatch.setattr(queue, "mark_interrupted", look)
    told: list[str] = []
    got = worker._wait_for_turn(store, second, devices_of(second.config), StopSignal(), told.append)
    assert got is not None
    os.close(got[0])
    assert len(looks) == 3
    assert told == ["Waiting for cpu: place 2 in the queue"]


def test_each_device_has_a_queue_of_its_own(store: Store):
    runs = [store.create(tiny(device=device).model_dump()) for device in ("cpu", "cuda:0", "cpu", "cuda", "cuda:1")]
    assert [queue.position(store, run.id) for run in runs] == [1, 1, 2, 2, 1]


def test_a_run_on_several_gpus_waits_for_all_of_them_and_others_wait_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    pretend(monkeypatch, 4)
    wishes = [("cuda:1", 1), ("cuda:0", 1), ("auto", 2), ("cuda:3", 1), ("cuda:2", 0), ("auto", 0), ("cpu", 3)]
    configs = [tiny(device=device, processes=processes).model_dump() for device, processes in wishes]
    taken = ["1", "0", "01", "3", "23", "0123"]
    assert [names(config) for config in configs] == [[f"cuda:{i}" for i in some] for some in taken] + [["cpu"]]
    runs = [store.create(config) for config in configs]
    assert [queue.position(store, run.id) for run in runs] == [1, 1, 3, 1, 2, 6, 1]


@pytest.mark.parametrize(
    ("options", "device"),
    [
        ({"device": "auto"}, "mps"),
        ({"device": "mps"}, "mps"),
        ({"device": "auto", "processes": 0}, "mps"),
        ({"device": "auto", "processes": 2}, "cpu"),
        ({"device": "auto", "precision": "bf16"}, "cpu"),
        ({"device": "auto", "compile": "on"}, "cpu"),
        ({"device": "cpu"}, "cpu"),
    ],
)
def test_on_a_mac_a_run_takes_its_gpu_unless_that_cannot_do_it(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], device: str
):
    pretend(monkeypatch, 0)
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    (found,) = devices_of(tiny(**options).model_dump())
    assert (found.name, found.is_there) == (device, True)


def test_where_there_is_cuda_it_comes_before_mps_and_where_there_is_neither_the_cpu_is_taken(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    pretend(monkeypatch, 1)
    assert names(tiny(device="auto").model_dump()) == ["cuda:0"]
    assert present() == ["cpu", "mps", "cuda:0"]
    monkeypatch.setattr(machine, "has_mps", lambda: False)
    pretend(monkeypatch, 0)
    assert names(tiny(device="auto").model_dump()) == ["cpu"]
    (missing,) = devices_of(tiny(device="mps").model_dump())
    assert (missing.name, missing.is_there) == ("mps", False)


@pytest.mark.usefixtures("own_signals")
def test_more_processes_than_gpus_are_refused_with_what_there_is(store: Store, monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 2)
    run = store.create(tiny(device="cuda", processes=3).model_dump())
    held = lock(store.folder(run.id) / "worker.lock")
    assert held is not None
    assert worker.work(store, run, held, lambda text: None) == "failed"
    assert see(store, run).error == "There is no cuda:2 here, only cuda:0, cuda:1: choose fewer processes."


def test_who_is_resumed_goes_to_the_end_of_the_queue(store: Store):
    old, waiting = (store.create(tiny().model_dump()) for _ in range(2))
    store.update(old.id, state="stopped", stop_requested=True, error="something")
    queue.enqueue(store, old.id)
    assert [run.id for run in store.alive()] == [waiting.id, old.id]
    assert (see(store, old).stop_requested, see(store, old).error) == (False, "")


@pytest.mark.parametrize(("asked", "state"), [(False, "interrupted"), (True, "stopped")])
def test_a_run_whose_worker_died_is_marked(store: Store, asked: bool, state: str):
    dead, ended = (store.create(tiny().model_dump()) for _ in range(2))
    store.update(dead.id, state="running", pid=NOBODY, stop_requested=asked)
    store.update(ended.id, state="finished")
    queue.mark_interrupted(store)
    buried = see(store, dead)
    assert (buried.state, buried.pid, buried.stop_requested) == (state, None, False)
    assert see(store, ended).state == "finished"
    assert is_free(store, dead)


def test_a_run_whose_lock_is_held_is_alive(store: Store):
    run = store.create(tiny().model_dump())
    held = queue.hold(store, run.id)
    queue.mark_interrupted(store)
    assert see(store, run).state == "queued"
    os.close(held)


def test_stopping_a_run_without_a_worker_signals_nobody(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "kill", lambda pid, number: pytest.fail("a process was signalled"))
    dead, ended = (store.create(tiny().model_dump()) for _ in range(2))
    store.update(dead.id, state="running", pid=NOBODY)
    store.update(ended.id, state="finished", pid=NOBODY)
    queue.stop(store, dead.id)
    queue.stop(store, ended.id)
    queue.stop(store, "no such run")
    assert (see(store, dead).stop_requested, see(store, ended).stop_requested) == (True, False)


@pytest.mark.parametrize("holds", [True, False])
def test_stopping_signals_the_process_that_holds_the_lock_and_no_stranger_with_its_number(store: Store, holds: bool):
    """A number outlives its process, and means another one in another container on the same disk."""
    run = store.create(tiny().model_dump())
    held = queue.hold(store, run.id)
    other = subprocess.Popen(["sleep", "60"], pass_fds=[held] if holds else [])
    store.update(run.id, state="running", pid=other.pid)
    queue.stop(store, run.id)
    try:
        if holds:
            assert other.wait(DEADLINE) == -signal.SIGTERM
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(0.5)
        assert see(store, run).stop_requested
    finally:
        other.kill()
        other.wait()
        os.close(held)


@pytest.mark.parametrize("moment", ["before its lock", "while it waits for the lock"])
def test_a_run_that_is_deleted_while_it_is_resumed_is_one_sentence_and_stays_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch, moment: str
):
    def delete(*arguments: object) -> None:
        queue.delete(store, run.id)

    def delete_and_open(path: Path) -> int | None:
        monkeypatch.undo()
        opened = lock(path)
        store.delete(run.id)
        return opened

    run = store.create(tiny().model_dump())
    store.update(run.id, state="stopped")
    if moment == "before its lock":
        monkeypatch.setattr(queue, "make_room", delete)
    else:
        monkeypatch.setattr(queue, "lock", delete_and_open)
    with pytest.raises(queue.JobError, match=r"^This run is no longer there: [^.]+\.$"):
        queue.resume(store, run.id)
    assert list(store.runs_folder.iterdir()) == []


def test_a_run_under_way_whose_folder_somebody_removed_is_interrupted_and_can_be_deleted(store: Store):
    run = store.create(tiny().model_dump())
    shutil.rmtree(store.folder(run.id))
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"
    queue.delete(store, run.id)
    assert store.runs() == []


def test_where_nvml_is_not_installed_there_are_no_gpus(monkeypatch: pytest.MonkeyPatch):
    """As in an environment that has only what training needs, where a run asks for CUDA by name."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    monkeypatch.delitem(sys.modules, "genmodels.jobs.nvml", raising=False)
    assert cards.visible() == []
    assert names(tiny(device="cuda").model_dump()) == ["cuda:0"]
