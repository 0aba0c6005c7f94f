"""Who waits for which device, and who is next."""

import os
import sys
from typing import Any

import pytest

from genmodels import machine
from genmodels.jobs import queue, worker
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from tests.jobs.test_jobs import see, tiny


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.mark.usefixtures("own_signals")
def test_even_the_first_in_the_queue_waits_for_a_device_in_use(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Such as by a run whose place in the queue is the second, because it overtook one that was slow to start."""
    run = store.create(tiny().model_dump())
    held = lock(store.root / "locks" / "cpu.lock")
    assert held is not None
    looks = []

    def look(store: Store) -> None:
        looks.append(store)
        if len(looks) == 3:
            os.close(held)

    monkeypatch.setattr(queue, "mark_interrupted", look)
    got = worker._wait_for_turn(store, run, ["cpu"], worker._StopSignal(), lambda text: None)
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
    got = worker._wait_for_turn(store, second, ["cpu"], worker._StopSignal(), told.append)
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
    monkeypatch.setattr(queue, "gpus", lambda: ["one"] * 4)
    wishes = [("cuda:1", 1), ("cuda:0", 1), ("auto", 2), ("cuda:3", 1), ("cuda:2", 0), ("auto", 0), ("cpu", 3)]
    configs = [tiny(device=device, processes=processes).model_dump() for device, processes in wishes]
    taken = ["1", "0", "01", "3", "23", "0123"]
    assert [queue.devices_of(config) for config in configs] == [[f"cuda:{i}" for i in some] for some in taken] + [
        ["cpu"]
    ]
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
    monkeypatch.setattr(queue, "gpus", list)
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    config = tiny(**options).model_dump()
    assert (queue.devices_of(config), queue.missing(config)) == ([device], [])


def test_where_there_is_cuda_it_comes_before_mps_and_where_there_is_neither_the_cpu_is_taken(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    monkeypatch.setattr(queue, "gpus", lambda: ["one"])
    assert queue.devices_of(tiny(device="auto").model_dump()) == ["cuda:0"]
    assert queue.present() == ["cpu", "mps", "cuda:0"]
    monkeypatch.setattr(machine, "has_mps", lambda: False)
    monkeypatch.setattr(queue, "gpus", list)
    assert queue.devices_of(tiny(device="auto").model_dump()) == ["cpu"]
    assert queue.missing(tiny(device="mps").model_dump()) == ["mps"]


@pytest.mark.usefixtures("own_signals")
def test_more_processes_than_gpus_are_refused_with_what_there_is(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "gpus", lambda: ["one"] * 2)
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


def test_where_nvml_is_not_installed_there_are_no_gpus(monkeypatch: pytest.MonkeyPatch):
    """As in an environment that has only what training needs, where a run asks for CUDA by name."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert queue.gpus() == []
    assert queue.devices_of(tiny(device="cuda").model_dump()) == ["cuda:0"]
