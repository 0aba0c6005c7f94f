"""Which devices a run takes, what keeps others off them, and what its processes are told, on machines with pretended cards."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from genmodels.jobs import cards, process_group, queue, worker
from genmodels.jobs.devices import devices_of, hold
from genmodels.runs.store import Run, Store
from genmodels.training import trainer
from tests.support.hosts import go_to
from tests.support.pretended_nvml import Gpu, pretend, pretend_no_nvml, some, uuid
from tests.support.training import tiny

MIG = ["MIG-aaaa", "MIG-bbbb"]
pytestmark = pytest.mark.usefixtures("own_signals")


def config(**values: Any) -> dict[str, Any]:
    return tiny(**values).model_dump()


def see(store: Store, run: Run) -> Run:
    found = store.get(run.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("count", "visible", "options", "taken"),
    [
        (0, None, {"device": "auto", "processes": 0}, ["cpu"]),
        (1, None, {"device": "auto", "processes": 0}, [uuid(0)]),
        (4, None, {"device": "auto"}, [uuid(0)]),
        (8, "3", {"device": "auto"}, [uuid(3)]),
        (8, "3", {"device": "auto", "processes": 0}, [uuid(3)]),
        (8, "5,3,7", {"device": "cuda:1"}, [uuid(3)]),
        (8, "5,3,7", {"device": "cuda:1", "processes": 2}, [uuid(3), uuid(7)]),
        (8, "5,3,7", {"device": "cuda", "processes": 0}, [uuid(5), uuid(3), uuid(7)]),
        (8, uuid(6)[:12], {"device": "auto", "processes": 0}, [uuid(6)]),
        (8, "", {"device": "auto", "processes": 0}, ["cpu"]),
        (8, "-1", {"device": "auto"}, ["cpu"]),
    ],
)
def test_a_run_takes_no_card_but_those_that_the_user_has_named(
    monkeypatch: pytest.MonkeyPatch, count: int, visible: str | None, options: dict[str, Any], taken: list[str]
):
    pretend(monkeypatch, count, visible)
    devices = devices_of(config(**options))
    assert [lock.partition("@")[0] for device in devices for lock in device.locks] == taken
    assert all(device.is_there for device in devices)


@pytest.mark.parametrize(
    ("visible", "options", "taken"),
    [
        (None, {"processes": 0}, [uuid(0), uuid(2), uuid(3)]),
        (None, {"device": "cuda:3"}, [MIG[0]]),
        (None, {"device": "cuda:4", "processes": 0}, [MIG[1]]),
        (MIG[1], {"processes": 0}, [MIG[1]]),
        (",".join(MIG), {"device": "cuda:1"}, [MIG[1]]),
        (f"{MIG[0]},{uuid(2)},{uuid(3)}", {"processes": 2}, [uuid(2), uuid(3)]),
    ],
)
def test_a_mig_instance_is_a_card_for_one_process(
    monkeypatch: pytest.MonkeyPatch, visible: str | None, options: dict[str, Any], taken: list[str]
):
    pretend(monkeypatch, some(4, {1: MIG}), visible)
    devices = devices_of(config(**{"device": "cuda"} | options))
    assert [lock for device in devices for lock in device.locks] == taken


@pytest.mark.parametrize("gpus", [some(1, {0: MIG}), some(0)])
def test_several_processes_without_a_whole_card_are_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, gpus: list[Gpu]
):
    pretend(monkeypatch, gpus)
    run = work(Store(), device="cuda", processes=2)
    assert (run.state, run.error) == (
        "failed",
        "Each of several processes needs a whole GPU, and there is none here: choose 1 process.",
    )


@contextmanager
def held(store: Store, values: dict[str, Any]) -> Iterator[bool]:
    """Whether the devices of a run could be locked, as they are for the block."""
    descriptors = hold(store.root / "locks", devices_of(values))
    yield descriptors is not None
    for descriptor in descriptors or ():
        os.close(descriptor)


def test_runs_of_two_stores_do_not_meet_on_a_card_by_whatever_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Two users of one machine, each with a store of his own."""
    mine, yours = Store(), Store(tmp_path / "yours")
    pretend(monkeypatch, 4, "3,2")
    with held(mine, config(device="cuda:0")) as got:
        assert got
        pretend(monkeypatch, 4, uuid(3)[:12])
        with held(yours, config(device="cuda:0")) as got_too:
            assert not got_too
        pretend(monkeypatch, 4)
        with held(yours, config(device="cuda", processes=0)) as got_all:
            assert not got_all
        with held(yours, config(device="cuda:2")) as got_another:
            assert got_another, "what could not be locked together was let go"
        with held(yours, config(device="cpu")) as got_cpu:
            assert got_cpu
    with held(yours, config(device="cuda", processes=0)) as got_all:
        assert got_all


def test_a_card_is_free_when_the_process_that_has_it_is_killed(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    pretend(monkeypatch, 1)
    descriptors = hold(store.root / "locks", devices_of(config(device="cuda")))
    assert descriptors is not None
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=descriptors) as process:
        for descriptor in descriptors:
            os.close(descriptor)
        with held(store, config(device="cuda")) as got:
            assert not got
        process.kill()
    with held(store, config(device="cuda")) as got:
        assert got


def test_cards_in_doubt_are_all_locked_at_once_by_a_run_that_has_several(monkeypatch: pytest.MonkeyPatch):
    different = [Gpu(uuid(0), "NVIDIA T400", 1), Gpu(uuid(1), bus=2)]
    monkeypatch.setattr(cards, "_asked_of_cuda", lambda uuids: ())
    pretend(monkeypatch, different)
    store = Store()
    with held(store, config(device="cuda", processes=2)) as got:
        assert got
        pretend(monkeypatch, different, uuid(1))
        with held(store, config(device="cuda")) as got_too:
            assert not got_too


def test_the_cpu_of_another_host_is_another_device(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    runs = []
    for host in ("one", "two", "two"):
        go_to(host, monkeypatch)
        run = store.create(config())
        store.update(run.id, locks=[lock for device in devices_of(run.config) for lock in device.locks])
        runs.append(run)
    assert [queue.position(store, run.id) for run in runs] == [1, 1, 2]
    go_to("one", monkeypatch)
    with held(store, config()) as got:
        assert got
        go_to("two", monkeypatch)
        with held(store, config()) as got_too:
            assert got_too


def test_a_queue_knows_which_card_each_run_waits_for_whatever_who_looks_may_use(monkeypatch: pytest.MonkeyPatch):
    """Both call it cuda:0: one was started with card 3, one with card 2."""
    store = Store()
    runs = []
    for visible in ("3", "2", "2"):
        pretend(monkeypatch, 4, visible)
        run = store.create(config(device="cuda"))
        store.update(run.id, locks=[lock for device in devices_of(run.config) for lock in device.locks])
        runs.append(run)
    assert [queue.position(store, run.id) for run in runs] == [1, 1, 2]


Started = list[dict[str, str]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The environments of a run's processes, the worker's first; none of them is started, and nothing is trained."""
    environments: Started = []
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)

    class Trained:
        def __init__(self, *arguments: Any) -> None:
            environments.insert(0, dict(os.environ))

        def run(self, should_stop: Any, until: float) -> str:
            return "finished"

    class Process:
        def __init__(self, command: Any, env: dict[str, str], **options: Any) -> None:
            environments.append(env)

        def poll(self) -> None:
            return None

        def wait(self, seconds: float | None = None) -> int:
            return 0

        def kill(self) -> None:
            pass

    for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.setenv(name, "")  # so that they are put back
        monkeypatch.delenv(name)
    monkeypatch.setattr(trainer, "Trainer", Trained)
    monkeypatch.setattr(process_group.subprocess, "Popen", Process)
    return environments


def work(store: Store, **options: Any) -> Run:
    run = store.create(config(**options))
    worker.work(store, run, queue.hold(store, run.id), lambda text: None)
    return see(store, run)


def test_each_process_gets_the_card_that_its_place_in_the_users_list_has(
    monkeypatch: pytest.MonkeyPatch, started: Started
):
    """The order of processes, of locks and of devices is one."""
    pretend(monkeypatch, 8, f"6,1,{uuid(4)[:12]},3")
    store = Store()
    locked: list[list[str]] = []
    wait = worker._wait_for_turn

    def look(store: Store, run: Run, *others: Any) -> list[int] | None:
        locked.append(see(store, run).locks)
        return wait(store, run, *others)

    monkeypatch.setattr(worker, "_wait_for_turn", look)
    run = work(store, device="cuda:1", processes=3)
    assert (run.state, run.device) == ("finished", "cuda:1, cuda:2, cuda:3")
    assert [(process["LOCAL_RANK"], process["RANK"]) for process in started] == [("0", "0"), ("1", "1"), ("2", "2")]
    assert {process[cards.VISIBLE] for process in started} == {f"1,{uuid(4)[:12]},3"}
    assert locked == [[uuid(1), uuid(4), uuid(3)]]
    assert run.locks == []


@pytest.mark.parametrize(
    ("gpus", "visible", "device", "expected"),
    [
        (some(8), "3", "auto", "3"),
        (some(8), None, "cuda:5", uuid(5)),
        (some(4, {1: MIG}), MIG[1], "cuda", MIG[1]),
        (some(4, {1: MIG}), None, "cuda:4", MIG[1]),
    ],
)
def test_a_worker_lets_cuda_see_its_card_by_the_name_that_the_user_has_set(
    monkeypatch: pytest.MonkeyPatch, started: Started, gpus: list[Gpu], visible: str | None, device: str, expected: str
):
    pretend(monkeypatch, gpus, visible)
    work(Store(), device=device)
    assert [process[cards.VISIBLE] for process in started] == [expected]


@pytest.mark.parametrize(("visible", "expected"), [(None, "1"), ("5,3", "3")])
def test_where_nvml_does_not_answer_a_worker_keeps_to_what_is_set_and_says_so(
    monkeypatch: pytest.MonkeyPatch, started: Started, visible: str | None, expected: str
):
    pretend_no_nvml(monkeypatch, visible)
    store = Store()
    run = work(store, device="cuda:1")
    assert started[0][cards.VISIBLE] == expected
    assert [event["text"] for event in store.events(run.id) if "NVML does not answer" in event["text"]]


def test_a_launcher_s_processes_on_this_host_have_a_locked_card_each(monkeypatch: pytest.MonkeyPatch, started: Started):
    pretend(monkeypatch, 4, "2,0,1")
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert work(Store(), device="auto").device == "cuda:0, cuda:1"
    assert [process[cards.VISIBLE] for process in started] == ["2,0"]


def test_a_run_says_that_it_waits_for_a_card_of_somebody_else_and_starts_when_that_is_free(
    monkeypatch: pytest.MonkeyPatch, started: Started, tmp_path: Path
):
    pretend(monkeypatch, 1)
    monkeypatch.setattr(worker, "TELL_SECONDS", -1.0)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)
    store, other = Store(), Store(tmp_path / "other")
    descriptors = hold(other.root / "locks", devices_of(config(device="cuda")))
    add: Callable[..., None] = store.add_event

    def add_then_free(run: str, text: str, *level: Any) -> None:
        add(run, text, *level)
        while descriptors:
            os.close(descriptors.pop())

    monkeypatch.setattr(store, "add_event", add_then_free)
    run = work(store, device="cuda")
    assert run.state == "finished"
    (told,) = store.events(run.id)
    assert told["text"].startswith("A run that is not in this queue, such as another user's, has cuda:0")
