"""A run that goes on where its device is not, or on one of another kind: what it keeps, and what it says."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from accelerate.state import AcceleratorState
from torch import Tensor

from genmodels import machine
from genmodels.checkpoints import checkpoint
from genmodels.config.families import DCGANConfig
from genmodels.data.noise import Noise
from genmodels.jobs import queue, worker
from genmodels.runs.store import Store
from genmodels.training.trainer import Trainer
from tests.support.helpers import see
from tests.support.pretended_nvml import pretend
from tests.support.training import Memory, quicken, tiny, train

CUDA_STATE = torch.arange(16, dtype=torch.uint8)  # of a generator: its seed and its offset


def test_a_run_of_a_gpu_goes_on_where_there_is_none(monkeypatch: pytest.MonkeyPatch, own_signals: None):
    quicken(monkeypatch)
    pretend(monkeypatch, 0)
    store = Store()
    run = store.create(tiny(device="cuda:1", epochs=1).model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "failed"
    assert see(store, run).error == "There is no cuda:1 here: choose the device 'auto' or 'cpu'."
    store.update(run.id, attempt=1)
    assert worker.work(store, see(store, run), queue.hold(store, run.id), print) == "finished"
    (said,) = [event["text"] for event in store.events(run.id) if event["level"] == "warning"]
    assert said == "There is no cuda:1 here any more: training goes on with what there is."
    assert see(store, run).device == "cpu"
    AcceleratorState._reset_state()


def test_a_run_of_a_mac_goes_on_where_there_is_no_mps(monkeypatch: pytest.MonkeyPatch, own_signals: None):
    quicken(monkeypatch)
    pretend(monkeypatch, 0)
    monkeypatch.setattr(machine, "has_mps", lambda: False)
    store = Store()
    run = store.create(tiny(device="mps", epochs=1).model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "failed"
    assert see(store, run).error == "There is no mps here: choose the device 'auto' or 'cpu'."
    store.update(run.id, attempt=1)
    assert worker.work(store, see(store, run), queue.hold(store, run.id), print) == "finished"
    assert see(store, run).device == "cpu"
    AcceleratorState._reset_state()


def test_a_run_that_was_trained_on_another_kind_of_device_goes_on_here_and_says_that_its_noise_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quicken(monkeypatch)
    train(tiny(), tmp_path, stop_at=5)
    found, _ = checkpoint.latest(tmp_path / "checkpoints")
    assert found is not None
    of_cuda = torch.arange(16, dtype=torch.uint8)  # as long as the state of a generator there
    checkpoint.save(tmp_path / "checkpoints", replace(found, training=found.training | {"noise": of_cuda}))
    told = train(tiny(), tmp_path)
    assert told.step == 16
    assert told.events[0] == "Resumed from step 5."
    assert told.events[1].startswith("The checkpoint is of another kind of device")
    AcceleratorState._reset_state()


def as_if_from_cuda(folder: Path) -> None:
    """Make the newest checkpoint one that a run on CUDA has written: of another generator and with other kernels of Adam."""
    found, _ = checkpoint.latest(folder / "checkpoints")
    assert found is not None
    found.training["noise"] = CUDA_STATE
    for groups in found.state["optimizers"].values():
        for group in groups:
            group |= {"fused": True, "foreach": None}
    checkpoint.save(folder / "checkpoints", found)


def test_a_run_goes_from_cuda_to_the_cpu_with_other_numbers_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quicken(monkeypatch)
    straight = train(tiny(), tmp_path / "straight")
    rows = []
    for name in ("once", "again"):
        train(tiny(), tmp_path / name, stop_at=5)
        as_if_from_cuda(tmp_path / name)
        told = train(tiny(), tmp_path / name)
        assert told.events == [
            "Resumed from step 5.",
            "The checkpoint is of another kind of device: noise is drawn anew, and numbers differ from here on.",
        ]
        rows.append(told.rows)
    assert rows[0] == rows[1]
    assert rows[0].keys() == {step for step in straight.rows if step > 5}
    assert rows[0] != {step: row for step, row in straight.rows.items() if step > 5}
    AcceleratorState._reset_state()


def test_optimisers_keep_the_kernels_of_their_own_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)
    config = DCGANConfig(width=4, latent_dim=4, batch_size=100, epochs=1, device="cpu", check_every=0)
    train(config, tmp_path, stop_at=5)
    as_if_from_cuda(tmp_path)
    trainer = Trainer(config, tmp_path, Memory())
    groups = [group for optimizer in trainer.family.optimizers.values() for group in optimizer.param_groups]
    assert [(group["foreach"], group["fused"]) for group in groups] == [(True, None)] * 2
    AcceleratorState._reset_state()


def test_a_run_goes_from_the_cpu_to_cuda_from_a_seed_of_its_own():
    class Generator:
        """A CUDA generator, as far as a checkpoint has to do with it."""

        def __init__(self) -> None:
            self.state, self.seeds = CUDA_STATE, list[int]()

        def get_state(self) -> Tensor:
            return self.state

        def set_state(self, state: Tensor) -> None:
            self.state = state

        def manual_seed(self, seed: int) -> None:
            self.seeds.append(seed)

    noise, generator = Noise(7), Generator()
    on_cpu, noise.generator = noise.generator.get_state(), generator  # type: ignore[assignment]
    assert not noise.resume(on_cpu, 10)
    assert not noise.resume(on_cpu, 11)
    assert not Noise(8).resume(CUDA_STATE, 10)
    assert len({*generator.seeds, 7}) == 3
    assert noise.resume(CUDA_STATE.flip(0), 12)
    assert torch.equal(generator.state, CUDA_STATE.flip(0))
    assert len(generator.seeds) == 2
