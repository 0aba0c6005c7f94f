"""The training step by itself, and how many images it or any other loop takes in a second."""

import time
from collections.abc import Generator, Iterator

import torch

from genmodels.config.base import RunConfig
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.gpu_check import card
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.training import compilation
from genmodels.training.devices import forget_accelerator, make_accelerator

AT_ONCE = 50  # steps that the host may queue before it waits for the device


def bare(config: RunConfig, train: Dataset) -> Generator[None]:
    """The step alone, with its moving average, on batches that lie ready: one after another, without end.

    Raises ``TrainingError`` where ``compile`` is "on" and the networks cannot be compiled.
    """
    forget_accelerator()
    family = build(config, len(train.classes))
    family.prepare(make_accelerator(config))
    train = train.to(family.device)
    batches = [train.batch(indices) for indices in torch.arange(len(train)).split(config.batch_size)]
    if len(train) % config.batch_size:
        batches.pop()
    noise, step = Noise(0, family.device), 0
    if compilation.wanted(config, family.device):
        outcome = compilation.compile_networks(family, Batch(*batches[0], epoch=1.0), seed=0)
        if config.compile == "on" and not outcome.compiled:
            raise TrainingError(outcome.sentence)
    try:
        while True:
            for batch in batches:
                compilation.begin_step(family)
                family.step(Batch(*batch, epoch=1.0, step=step), noise)
                family.update_average(step)
                step += 1
                yield
    finally:
        compilation.undo(family)


def images_per_second(steps: Iterator[None], batch_size: int, seconds: float, device: torch.device) -> float:
    """Of as many steps as fit."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        next(steps)
        done += 1
        if done % AT_ONCE == 0:
            card.wait(device)  # else the host only queues work
    card.wait(device)
    return done * batch_size / (time.perf_counter() - start)
