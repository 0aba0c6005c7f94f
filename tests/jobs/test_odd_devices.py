"""Devices that are called, or turned off, in ways that are rare."""

import pytest

from genmodels.jobs import worker
from genmodels.jobs.devices import devices_of
from genmodels.jobs.queue import hold as hold_run
from genmodels.runs.store import Store
from tests.jobs.test_devices import config, held
from tests.support.pretended_nvml import pretend, pretend_no_nvml
from tests.support.training import quicken, tiny


@pytest.mark.parametrize("entry", ["MIG-GPU-b8ea3855-276c-c9cb-b366-c6fa655957c5/1/5", "GPU-" + 300 * "a"])
def test_a_card_may_have_a_long_name_on_a_host_of_a_long_name(monkeypatch: pytest.MonkeyPatch, entry: str):
    """Of which the kernel and the disk take no more than so many bytes."""
    store = Store()
    monkeypatch.setattr("genmodels.machine.node", lambda: "trainer-" + 60 * "x")
    pretend_no_nvml(monkeypatch, entry)
    with held(store, config(device="cuda:0")) as got:
        assert got
        with held(store, config(device="cuda:0")) as got_too:
            assert not got_too


def test_a_digit_that_cuda_does_not_read_names_no_card(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 2, "\u00b2")
    assert not devices_of(config(device="cuda:0"))[0].is_there


def test_where_accelerate_is_to_do_without_gpus_a_run_takes_the_cpu(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 1)
    monkeypatch.setenv("ACCELERATE_USE_CPU", "1")
    assert [device.name for device in devices_of(config(device="auto"))] == ["cpu"]
    assert [device.name for device in devices_of(config(device="cuda"))] == ["cuda:0"]
    monkeypatch.setenv("ACCELERATE_USE_CPU", "perhaps")
    assert [device.name for device in devices_of(config(device="auto"))] == ["cuda:0"]


@pytest.mark.parametrize(
    ("processes", "state", "told"),
    [(1, "finished", "Until then training goes on on the CPU"), (0, "failed", "or choose 1 process")],
)
def test_a_card_that_torch_cannot_use_is_told(
    monkeypatch: pytest.MonkeyPatch, own_signals: None, processes: int, state: str, told: str
):
    """As with a build of torch for CPUs alone, or a driver that is too old."""
    quicken(monkeypatch)
    pretend(monkeypatch, 2)
    store = Store()
    run = store.create(tiny(device="auto", processes=processes, epochs=1).model_dump())
    descriptor = hold_run(store, run.id)
    assert worker.work(store, run, descriptor, lambda text: None) == state
    ended = store.get(run.id)
    assert ended is not None
    assert told in ended.error + "".join(event["text"] for event in store.events(run.id))
