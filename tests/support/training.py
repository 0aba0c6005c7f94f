"""Trainings that take a moment, what they tell and what they leave."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.integrity import NEWEST
from genmodels.config.base import RunConfig
from genmodels.config.families import VAEConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.models.base import Batch, Family
from genmodels.storage.callbacks import Level, Report
from genmodels.training import stop_check
from genmodels.training.trainer import Trainer


class Memory(Report):
    """Remembers what training tells."""

    def __init__(self) -> None:
        self.rows: dict[int, dict[str, float]] = {}
        self.events: list[str] = []
        self.step = 0

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.rows.setdefault(step, {}).update(values)

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        self.step = step

    def event(self, text: str, level: Level = "info") -> None:
        self.events.append(text)


def tiny(**values: Any) -> VAEConfig:
    """A run of 8 steps an epoch that takes a moment."""
    small = {
        "width": 4,
        "hidden": 16,
        "latent_dim": 2,
        "batch_size": 100,
        "epochs": 2,
        "device": "cpu",
        "check_every": 0,
    }
    return VAEConfig.model_validate(small | values)


def train(config: RunConfig, folder: Path, stop_at: int | None = None) -> Memory:
    """Train in ``folder``, stopped at a step or to the end."""
    memory = Memory()
    loop = Trainer(config, folder, memory)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stop_check, "STOP_CHECK_SECONDS", 0.0)  # a small run may be over before it would be asked again
        state = loop.run(lambda: stop_at is not None and loop.step >= stop_at)
    assert state == ("finished" if stop_at is None else "stopped")
    return memory


def weights(folder: Path) -> dict[str, Tensor]:
    """Of the newest checkpoint of a run, which must be a whole one."""
    found, passed_over = checkpoint.latest(folder / NEWEST)
    assert found is not None
    assert not passed_over
    return found.weights


def assert_equal(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> None:
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert torch.equal(ours[name], theirs[name]), name


def break_curve(monkeypatch: pytest.MonkeyPatch, family: type[Family], curve: str, epoch: float) -> None:
    """From ``epoch`` on, a step of the family tells NaN of a curve."""
    step = family.step

    def broken(self: Family, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        values = step(self, batch, noise)
        return values if batch.epoch < epoch else values | {curve: values[curve] * math.nan}

    monkeypatch.setattr(family, "step", broken)


def quicken(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Ask at every step whether to stop, and make the sets of images small: the sizes, which a test may change."""
    monkeypatch.setattr(stop_check, "STOP_CHECK_SECONDS", 0.0)
    sizes = {"train": 800, "test": 200}
    whole = load.load_dataset

    def cut(name: str, split: Any, **options: Any) -> Dataset:
        loaded, n = whole(name, split, **options), sizes[split]
        return replace(loaded, images=loaded.images[:n], labels=None if loaded.labels is None else loaded.labels[:n])

    monkeypatch.setattr(load, "load_dataset", cut)
    return sizes
