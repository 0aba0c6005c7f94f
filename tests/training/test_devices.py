"""A device that is too small, taken away, or another kind than before: the last checkpoint stays, and one sentence says what follows."""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate.state import AcceleratorState
from torch import Tensor

from genmodels import machine
from genmodels.checkpoints import checkpoint
from genmodels.config.families import DCGANConfig
from genmodels.data.noise import Noise
from genmodels.errors import DeviceError, TrainingError
from genmodels.jobs import queue, worker
from genmodels.models.base import Batch
from genmodels.models.vae import VAE
from genmodels.runs.store import Run, Store
from genmodels.training import devices, trainer
from genmodels.training.devices import make_accelerator
from genmodels.training.trainer import Trainer
from tests.support.pretended_nvml import pretend
from tests.support.training import Memory, assert_equal, quicken, tiny, train, weights


def see(store: Store, run: Run) -> Run:
    found = store.get(run.id)
    assert found is not None
    return found


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, RuntimeError, MemoryError])
def test_a_memory_that_is_too_small_names_a_batch_that_was_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
):
    quicken(monkeypatch)
    step, said = VAE.step, "CUDA out of memory. Tried to allocate 20.00 GiB"

    def small(self: VAE, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        if len(batch.images) > 30 and batch.step >= 9:
            raise error(said)
        return step(self, batch, noise)

    monkeypatch.setattr(VAE, "step", small)
    with pytest.raises(
        TrainingError, match="too small for a batch of 100: start again with a batch size of 25, which fits"
    ):
        train(tiny(), tmp_path)
    assert checkpoint.steps(tmp_path / "checkpoints") == [8]
    assert checkpoint.latest(tmp_path / "checkpoints")[1] == []
    AcceleratorState._reset_state()


def test_a_memory_that_is_too_small_for_anything_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)

    def none(self: VAE, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(VAE, "step", none)
    with pytest.raises(
        TrainingError, match="start again with narrower networks or smaller images; not even a batch of 2"
    ):
        train(tiny(), tmp_path)
    AcceleratorState._reset_state()


@pytest.mark.parametrize(
    "error",
    [
        torch.AcceleratorError("CUDA error: unspecified launch failure\nCompile with `TORCH_USE_CUDA_DSA`", 719),
        RuntimeError("CUDA error: no CUDA-capable device is detected\nmore"),
        RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
    ],
)
def test_a_gpu_that_goes_away_ends_the_run_with_a_sentence_and_its_last_checkpoint(
    monkeypatch: pytest.MonkeyPatch, own_signals: None, capfd: pytest.CaptureFixture, error: Exception
):
    quicken(monkeypatch)
    step = VAE.step

    def goes_away(self: VAE, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        if batch.step == 12:
            raise error
        return step(self, batch, noise)

    store = Store()
    run = store.create(tiny().model_dump())
    with monkeypatch.context() as patch:
        patch.setattr(VAE, "step", goes_away)
        assert worker.work(store, run, queue.hold(store, run.id), print) == "failed"
    first = str(error).partition("\n")[0]
    assert see(store, run).error == (
        f"The GPU failed or was taken away ({first}). Nothing up to the last checkpoint is lost: resume the run; where there "
        "is no GPU any more, it resumes on the CPU."
    )
    assert "Traceback" not in "".join(capfd.readouterr())
    assert train(tiny(), store.folder(run.id)).events == ["Resumed from step 8."]
    AcceleratorState._reset_state()


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


@pytest.fixture
def on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether Accelerate is told to stay on the CPU, on a machine that torch finds mps on; without it, Accelerate takes mps."""
    told: list[bool] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(devices, "Accelerator", lambda cpu, **options: told.append(cpu))
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    return told


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"device": "auto"}, False),
        ({"device": "mps"}, False),
        ({"device": "cpu"}, True),
        ({"device": "auto", "precision": "bf16"}, True),
        ({"device": "auto", "compile": "on"}, True),
    ],
)
def test_training_takes_mps_unless_that_cannot_do_it(on_the_cpu: list[bool], options: dict[str, Any], expected: bool):
    devices.make_accelerator(tiny(**options))
    assert on_the_cpu == [expected]


def test_several_processes_of_a_launcher_do_not_meet_on_mps(on_the_cpu: list[bool], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    devices.make_accelerator(tiny(device="auto"))
    assert on_the_cpu == [True]
    with pytest.raises(DeviceError, match=r"^processes: must be 1 on the device mps"):
        devices.make_accelerator(tiny(device="mps"))


def test_a_run_on_mps_leaves_the_choice_of_cuda_devices_alone(monkeypatch: pytest.MonkeyPatch, own_signals: None):
    pretend(monkeypatch, 0)
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    seen: list[str | None] = []

    class Trained:
        def __init__(self, *arguments: Any) -> None:
            seen.append(os.environ.get("CUDA_VISIBLE_DEVICES"))

        def run(self, should_stop: Any) -> str:
            return "finished"

    monkeypatch.setattr(trainer, "Trainer", Trained)
    store = Store()
    run = store.create(tiny(device="mps").model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "finished"
    assert (seen, see(store, run).device) == ([None], "mps")


def test_a_clock_that_is_set_back_leaves_no_time_below_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)
    start, calls = time.time(), iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: start - 600 * next(calls))
    told: list[tuple[float, float]] = []

    class Timed(Memory):
        def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
            told.append((images_per_second, seconds))

    Trainer(tiny(), tmp_path, Timed()).run()
    assert all(speed > 0 for speed, _ in told)
    assert [seconds for _, seconds in told] == sorted(seconds for _, seconds in told)
    AcceleratorState._reset_state()


CUDA_STATE = torch.arange(16, dtype=torch.uint8)  # of a generator: its seed and its offset


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


SAID = {
    "ACCELERATE_MIXED_PRECISION": "bf16",
    "ACCELERATE_GRADIENT_ACCUMULATION_STEPS": "4",
    "ACCELERATE_DYNAMO_BACKEND": "eager",
}


def test_what_the_environment_says_to_accelerate_does_not_change_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)
    train(tiny(epochs=1), tmp_path / "plain")
    AcceleratorState._reset_state(reset_partial_state=True)
    for name, value in SAID.items():
        monkeypatch.setenv(name, value)
    train(tiny(epochs=1), tmp_path / "told")
    AcceleratorState._reset_state(reset_partial_state=True)
    assert_equal(weights(tmp_path / "told"), weights(tmp_path / "plain"))
    assert {name: os.environ[name] for name in SAID} == SAID


def test_a_launcher_may_turn_gpus_off_where_the_config_leaves_the_device_open(monkeypatch: pytest.MonkeyPatch):
    asked: list[bool] = []
    monkeypatch.setattr(devices, "Accelerator", lambda cpu, **options: asked.append(cpu))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    for device in ("auto", "cuda", "cpu"):
        make_accelerator(tiny(device=device))
    monkeypatch.setenv("ACCELERATE_USE_CPU", "false")
    make_accelerator(tiny(device="auto"))
    assert asked == [True, False, True, False]
