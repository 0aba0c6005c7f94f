"""A model's step by itself, within the whole trainer, and as a baseline script writes it, in turns of one run."""

import gzip
import math
import os
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Any

import torch

from benchmarks import plain
from genmodels.config.base import RunConfig
from genmodels.config.families import CGANConfig, DCGANConfig, FlowConfig, InfoGANConfig, VAEConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.data.dataset import Dataset
from genmodels.data.load import load_dataset
from genmodels.gpu_check import card
from genmodels.gpu_check.bare import bare as bare_on
from genmodels.gpu_check.bare import images_per_second
from genmodels.gpu_check.matmul import product_flops, step_flops
from genmodels.storage.callbacks import Report
from genmodels.training.devices import environment
from genmodels.training.trainer import Trainer

TURN = 8.0  # seconds of each way but the trainer
LEAST = 60.0  # seconds of the trainer's turn, in whole epochs: less than the usual 20 epochs of MNIST take on a CPU
IMAGES = 60_000  # of an epoch
WIDTH = 64 if torch.cuda.is_available() else 32  # of GANs: the default, or what a CPU trains in minutes

MODELS: dict[str, RunConfig] = {
    "vae": VAEConfig(batch_size=128),
    **{
        "dcgan" if name == "non-saturating" else f"dcgan-{name}": DCGANConfig(
            objective=name, batch_size=128, width=WIDTH
        )
        for name in OBJECTIVES
    },
    "cgan": CGANConfig(batch_size=128, width=WIDTH),
    "infogan": InfoGANConfig(batch_size=128, width=WIDTH),
    "flow": FlowConfig(batch_size=128),
}


def measure(name: str, turns: int) -> dict[str, Any]:
    """Medians over ``turns``: ``bare_ips``, images per second of the bare step in fp32; ``trainer_over_bare``, the time that the
    whole trainer needs for an image over that of the bare step; ``fp32_over_plain`` and ``bf16_over_plain``, the speed of the
    bare step over that of the baseline in fp32. On CUDA the step is compiled, and there are ``memory_mib``, the most that the
    bare step takes, and ``share_of_matmul``, its operations a second over those of a product of large matrices in bf16.

    The trainer's turn is a run of a minute at least, over a set of MNIST's size (the embedded digits, repeated), with its test
    curves, its pictures, its evaluations of samples, its checkpoints and what is done once at the end; the bare step's speed is
    taken before and after it.
    """
    config = MODELS[name]
    half, full = (config.model_copy(update={"precision": precision}) for precision in ("bf16", "fp32"))
    ways = {"bf16": bare(half), "plain": plain.steps(config), "fp32": bare(full)}
    for steps in ways.values():
        speed(steps, config.batch_size, 1.0)  # the first steps are slower
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_mnist(root)
        os.environ["GENMODELS_DATA"], os.environ["GENMODELS_HOME"] = folder, str(root / "home")
        results = []
        for _ in range(turns):
            ips = {way: speed(steps, config.batch_size, TURN) for way, steps in ways.items()}
            trained = _trainer(full, root, epochs=math.ceil(LEAST * ips["fp32"] / IMAGES))
            around = mean([ips["fp32"], speed(ways["fp32"], config.batch_size, TURN)])
            results.append(
                {
                    "bare_ips": ips["fp32"],
                    "trainer_over_bare": around / trained,
                    "fp32_over_plain": ips["fp32"] / ips["plain"],
                    "bf16_over_plain": ips["bf16"] / ips["plain"],
                }
            )
    result: dict[str, Any] = {key: median(turn[key] for turn in results) for key in results[0]}
    if torch.cuda.is_available():
        result |= _on_cuda(
            half, median(turn["bare_ips"] * turn["bf16_over_plain"] / turn["fp32_over_plain"] for turn in results)
        )
    return result | {"device": environment(plain.DEVICE, "")["device"]}


def _on_cuda(config: RunConfig, images_per_second: float) -> dict[str, float]:
    card.forget_peak(plain.DEVICE)
    operations = step_flops(config, _digits(config))
    memory = card.peak(plain.DEVICE)
    assert memory is not None
    rate = product_flops(plain.DEVICE, torch.bfloat16, 3.0)
    return {"memory_mib": memory, "share_of_matmul": operations * images_per_second / rate}


def bare(config: RunConfig) -> Iterator[None]:
    """The step alone, with its moving average, on the embedded digits: one after another, without end."""
    return bare_on(config, _digits(config))


def _digits(config: RunConfig) -> Dataset:
    return load_dataset("mnist-sample", "train", image_size=config.image_size, channels=config.channels)


def speed(steps: Iterator[None], batch_size: int, seconds: float) -> float:
    """Images per second of as many steps as fit."""
    return images_per_second(steps, batch_size, seconds, plain.DEVICE)


def _trainer(config: RunConfig, root: Path, epochs: int) -> float:
    config = config.model_copy(update={"dataset": "mnist", "epochs": epochs})
    trainer = Trainer(config, Path(tempfile.mkdtemp(dir=root)), Report())
    start = time.perf_counter()
    trainer.run()
    card.wait(plain.DEVICE)
    return trainer.total_steps * trainer.batch_size / (time.perf_counter() - start)


def _write_mnist(root: Path) -> None:
    """Sets of MNIST's size and layout, made of the embedded digits."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    digits = load_dataset("mnist-sample", "train", image_size=28, channels=1)
    assert digits.labels is not None
    for name, count in (("train", IMAGES), ("t10k", 10_000)):
        indices = torch.arange(count) % len(digits)
        for kind, header, values in (
            ("images-idx3", (0x803, count, 28, 28), digits.images[indices]),
            ("labels-idx1", (0x801, count), digits.labels[indices].to(torch.uint8)),
        ):
            with gzip.open(folder / f"{name}-{kind}-ubyte.gz", "wb", compresslevel=1) as file:
                file.write(struct.pack(f">{len(header)}i", *header) + values.numpy().tobytes())
