"""Images per second of a model: its bare step, the whole trainer, and the usual way of writing it, in turns."""

import gzip
import os
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import torch
from accelerate.state import AcceleratorState

from genmodels import data
from genmodels.config import RunConfig
from genmodels.devices import make_accelerator
from genmodels.models import build
from genmodels.models.family import Batch
from genmodels.noise import Noise
from genmodels.report import Report
from genmodels.trainer import Trainer

TURN = 10.0  # seconds of each way but the trainer, whose turn is one epoch


def measure(config: RunConfig, plain: Iterator[None], turns: int) -> dict[str, float]:
    """Medians over ``turns`` of images per second, and of their ratios within a turn; each ``next(plain)`` is one step.

    The trainer's turn is one epoch over a set of MNIST's size (the embedded digits, repeated), with its test curves, its
    pictures and its checkpoint.
    """
    half, full = (config.model_copy(update={"precision": precision}) for precision in ("bf16", "fp32"))
    ways = {"bare bf16": bare(half), "plain": plain, "bare fp32": bare(full)}
    for steps in ways.values():
        _speed(steps, config.batch_size, 1.0)  # the first steps are slower
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_mnist(root)
        os.environ["GENMODELS_DATA"], os.environ["GENMODELS_HOME"] = folder, str(root / "home")
        results = []
        for _ in range(turns):
            speed = {way: _speed(steps, config.batch_size, TURN) for way, steps in ways.items()}
            speed["trainer"] = _trainer(full, root)
            ratios = {
                "trainer's overhead over the bare step": speed["bare fp32"] / speed["trainer"] - 1,
                "trainer over plain": speed["trainer"] / speed["plain"],
                "bare fp32 over plain": speed["bare fp32"] / speed["plain"],
                "bare bf16 over plain": speed["bare bf16"] / speed["plain"],
            }
            results.append({f"{way}, images/s": value for way, value in speed.items()} | ratios)
    return {name: median(result[name] for result in results) for name in results[0]}


def bare(config: RunConfig) -> Iterator[None]:
    """The step alone, with its moving average, on batches that lie ready: one after another, without end."""
    # Accelerate has one precision for the whole process; what was prepared before keeps its own.
    AcceleratorState._reset_state(reset_partial_state=True)
    family = build(config)
    family.prepare(make_accelerator(config))
    train = data.load("mnist-sample", "train", image_size=config.image_size, channels=config.channels)
    train = train.to(family.device)
    batches = [train.batch(indices) for indices in torch.arange(len(train)).split(config.batch_size)]
    if len(train) % config.batch_size:
        batches.pop()
    noise, step = Noise(0, family.device), 0
    while True:
        for batch in batches:
            family.step(Batch(*batch, epoch=1.0, step=step), noise)
            family.update_average(step)
            step += 1
            yield


def _speed(steps: Iterator[None], batch_size: int, seconds: float) -> float:
    """Images per second of as many steps as fit."""
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        next(steps)
        done += 1
    _wait()
    return done * batch_size / (time.perf_counter() - start)


def _trainer(config: RunConfig, root: Path) -> float:
    config = config.model_copy(update={"dataset": "mnist", "epochs": 1})
    trainer = Trainer(config, Path(tempfile.mkdtemp(dir=root)), Report())
    start = time.perf_counter()
    trainer.run()
    _wait()
    return trainer.total_steps * trainer.batch_size / (time.perf_counter() - start)


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _write_mnist(root: Path) -> None:
    """Sets of MNIST's size and layout, made of the embedded digits."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    digits = data.load("mnist-sample", "train", image_size=28, channels=1)
    assert digits.labels is not None
    for name, count in (("train", 60_000), ("t10k", 10_000)):
        indices = torch.arange(count) % len(digits)
        for kind, header, values in (
            ("images-idx3", (0x803, count, 28, 28), digits.images[indices]),
            ("labels-idx1", (0x801, count), digits.labels[indices].to(torch.uint8)),
        ):
            with gzip.open(folder / f"{name}-{kind}-ubyte.gz", "wb", compresslevel=1) as file:
                file.write(struct.pack(f">{len(header)}i", *header) + values.numpy().tobytes())
