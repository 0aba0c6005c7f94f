"""What ends training: it is told in one sentence, and what was saved before stays."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.errors import TrainingError
from genmodels.models.vae import VAE
from genmodels.training import trainer
from genmodels.training.trainer import Trainer
from tests.support.training import Memory, break_curve, tiny, train

pytestmark = pytest.mark.usefixtures("fewer", "first_in_its_process")


def test_one_image_is_refused_in_one_sentence(tmp_path: Path, fewer: Callable[[int], None]):
    fewer(1)
    with pytest.raises(TrainingError, match="at least 2"):
        train(tiny(), tmp_path)


def test_what_is_not_finite_ends_training_and_keeps_the_last_good_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    break_curve(monkeypatch, VAE, "recon", epoch=1)
    with pytest.raises(TrainingError, match=r"recon became nan at step 9\. The last good checkpoint is kept"):
        train(tiny(), tmp_path)
    found, passed_over = checkpoint.latest(tmp_path / "checkpoints")
    assert found is not None
    assert (found.step, passed_over) == (8, [])


def test_no_checkpoint_is_said_to_be_kept_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    break_curve(monkeypatch, VAE, "recon", epoch=0)
    with pytest.raises(TrainingError, match=r"recon became nan at step 1\. There is no checkpoint yet; start again"):
        train(tiny(), tmp_path)


@pytest.mark.parametrize("broken_part", ["what it reports", "the weights"])
def test_a_step_that_went_wrong_is_never_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_part: str):
    """Its row may come only after two more checkpoints, which would have taken the place of the good ones."""
    step = VAE.step

    def broken(self: VAE, batch: Any, noise: Any) -> dict[str, Tensor]:
        values = step(self, batch, noise)
        if batch.epoch < 3 / 80:
            return values
        if broken_part == "what it reports":
            return values | {"recon": values["recon"] * math.inf}
        next(self.networks["autoencoder"].parameters()).data.fill_(math.nan)
        return values

    monkeypatch.setattr(VAE, "step", broken)
    with pytest.raises(TrainingError, match=r"^\S+ became (inf|nan) at step 4\. The last good checkpoint is kept"):
        train(tiny(batch_size=10, checkpoint_every=1e-9), tmp_path)
    found, passed_over = checkpoint.latest(tmp_path / "checkpoints")
    assert found is not None
    assert (found.step, passed_over) == (3, [])
    assert all(tensor.isfinite().all() for tensor in (found.weights | found.training).values())


def test_a_full_disk_is_told_and_what_was_saved_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save = checkpoint.save

    def full(folder: Path, what: checkpoint.Checkpoint, **options: int) -> Path:
        if what.step > 8:
            raise OSError(28, "No space left on device")
        return save(folder, what, **options)

    monkeypatch.setattr(checkpoint, "save", full)
    with pytest.raises(OSError, match="No space left"):
        train(tiny(epochs=3), tmp_path)
    assert checkpoint.steps(tmp_path / "checkpoints") == [8]


def test_a_picture_that_the_disk_does_not_take_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(path: Path, images: Tensor) -> None:
        if "00000016" in path.name:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(trainer, "save_grid", full)
    with pytest.raises(OSError, match="No space left"):
        train(tiny(), tmp_path)
    assert checkpoint.steps(tmp_path / "checkpoints")[0] == 8
    assert checkpoint.latest(tmp_path / "checkpoints")[1] == []


def test_a_device_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainingError, match="There is no cuda:1 here: choose"):
        Trainer(tiny(device="cuda:1"), tmp_path, Memory())
