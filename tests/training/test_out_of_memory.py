"""A device whose memory is too small: the last checkpoint stays, and one sentence says what would fit."""

from pathlib import Path

import pytest
import torch
from accelerate.state import AcceleratorState
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.models.base import Batch
from genmodels.models.vae import VAE
from genmodels.training import compilation
from tests.support.training import quicken, tiny, train


def test_it_is_named_too_where_the_networks_are_measured_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As by default on CUDA: the first steps of all are then those that are measured."""
    quicken(monkeypatch)
    step = VAE.step

    def small(self: VAE, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        if len(batch.images) > 30:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return step(self, batch, noise)

    monkeypatch.setattr(VAE, "step", small)
    monkeypatch.setattr(compilation, "wanted", lambda config, device: True)
    with pytest.raises(TrainingError, match="start again with a batch size of 25, which fits"):
        train(tiny(compile="auto"), tmp_path)
    AcceleratorState._reset_state()


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
