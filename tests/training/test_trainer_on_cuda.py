"""The training loop on a CUDA device that is only pretended: the host waits for it at the rows of the curves, and nowhere else.

Without a driver no run can begin or end there, so its iterations are played alone.
"""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from genmodels.config import families
from genmodels.config.datasets import DIGITS
from genmodels.data.dataset import Dataset
from genmodels.models import build
from genmodels.models.base import Family
from genmodels.storage.callbacks import Report
from genmodels.training import stop_check, trainer
from genmodels.training.stop_check import StopCheck
from genmodels.training.throughput import Clock
from genmodels.training.trainer import Trainer
from tests.support.pretended_cuda import CUDA, Autograd, Drawn, Host, moved_to_cuda, pretended_cuda
from tests.support.tiers import some

BATCH, STEPS = 4, 20  # in an epoch, so that there is a row at every second step
PLAYED = 9
# A pretended tensor gives its numbers one after the other, where a real one is copied to the host with one wait.
READ = "aten._local_scalar_dense.default"


class Accelerator(Autograd):
    """In the place of Accelerate's, for a trainer on one device."""

    process_index, is_main_process = 0, True

    def main_process_first(self) -> AbstractContextManager:
        return nullcontext()

    def reduce(self, values: Any, how: str) -> Any:
        return values


class Saved(Drawn):
    """Noise whose generator has a state for a checkpoint."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.generator: Any = SimpleNamespace(device=CUDA, get_state=lambda: torch.zeros(16, dtype=torch.uint8))


class Rows(Report):
    """The steps of the curves' rows, before each of which the host has waited for the values of that row alone."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.steps: list[int] = []

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        assert self.host.waits == [READ] * len(values)
        self.host.waits.clear()
        self.steps.append(step)


def images(*arguments: Any) -> Dataset:
    n = BATCH * STEPS
    return Dataset(torch.zeros(n, 1, 28, 28, dtype=torch.uint8), torch.zeros(n, dtype=torch.int64), DIGITS)


@pytest.mark.parametrize("family", some(families.FAMILIES, "vae", "dcgan", "latent_flow"))
def test_only_rows_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str):
    """With checkpoints between them, whose copies are queued like all else."""
    small = {"width": 4, "batch_size": BATCH, "check_every": 0, "preview_every": 0, "checkpoint_every": 4 / STEPS}
    config = families.parse({"family": family} | small)
    built = build(config, len(DIGITS))
    monkeypatch.setattr(trainer, "build", lambda config, classes: built)
    monkeypatch.setattr(trainer, "make_accelerator", lambda config: Accelerator("fp32"))
    monkeypatch.setattr(trainer, "Noise", Saved)
    monkeypatch.setattr(Family, "to", moved_to_cuda)
    monkeypatch.setattr(type(built), "begin", lambda family, load, images: None)  # which reads another model from disk
    monkeypatch.setattr(stop_check, "STOP_CHECK_SECONDS", 0.0)
    with pretended_cuda(monkeypatch) as host:
        rows, checkpoints = Rows(host), []
        loop: Any = Trainer(config, tmp_path, rows, images)
        loop.writer = SimpleNamespace(write=lambda *arguments: checkpoints.append(loop.step))
        host.waits.clear()
        assert loop._loop(StopCheck(lambda: loop.step == PLAYED, loop.accelerator), Clock(0)) == "stopped"
        assert host.waits == []
    assert rows.steps == [2, 4, 6, 8]
    assert checkpoints == [4, 8]
