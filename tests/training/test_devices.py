"""The device that training takes, and what follows when it is taken away."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate.state import AcceleratorState
from torch import Tensor

from genmodels import machine
from genmodels.data.noise import Noise
from genmodels.errors import DeviceError, TrainingError
from genmodels.jobs import queue, worker
from genmodels.models.base import Batch
from genmodels.models.vae import VAE
from genmodels.runs.store import Store
from genmodels.training import devices, trainer
from genmodels.training.devices import make_accelerator
from tests.support.helpers import see
from tests.support.pretended_nvml import pretend
from tests.support.training import Memory, assert_equal, quicken, tiny, train, weights


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


def test_a_batch_that_the_processes_cannot_share_is_told_apart_from_too_few_images():
    with pytest.raises(TrainingError, match="choose a batch size of at least 8 for 4 processes"):
        devices.global_batch(tiny(batch_size=6), 100, 4, Memory())
    with pytest.raises(TrainingError, match="Only 6 training images for 4 process"):
        devices.global_batch(tiny(batch_size=8), 6, 4, Memory())


def test_a_run_on_mps_leaves_the_choice_of_cuda_devices_alone(monkeypatch: pytest.MonkeyPatch, own_signals: None):
    pretend(monkeypatch, 0)
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    seen: list[str | None] = []

    class Trained:
        def __init__(self, *arguments: Any) -> None:
            seen.append(os.environ.get("CUDA_VISIBLE_DEVICES"))

        def run(self, should_stop: Any, until: float) -> str:
            return "finished"

    monkeypatch.setattr(trainer, "Trainer", Trained)
    store = Store()
    run = store.create(tiny(device="mps").model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "finished"
    assert (seen, see(store, run).device) == ([None], "mps")


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
