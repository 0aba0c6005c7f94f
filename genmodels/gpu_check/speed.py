"""Images a second: the bare step, the whole trainer around it, and the baseline script."""

import math
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import torch

from genmodels.config.base import RunConfig
from genmodels.config.families import GANConfig
from genmodels.gpu_check import baseline, card, images
from genmodels.gpu_check.bare import bare, images_per_second
from genmodels.gpu_check.matmul import product_flops, step_flops
from genmodels.gpu_check.precision import tf32
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Session, trainer
from genmodels.storage.callbacks import Report
from genmodels.training import compilation

OVERHEAD = 1.03  # the trainer's time for an image over that of the bare step
OVER_BASELINE = 5.0  # the trainer's speed with compiled networks over that of the baseline script


@dataclass(frozen=True)
class Mode:
    """How the numbers are computed: the options of a run, whether TF32 is allowed, and what a matrix product is made of."""

    name: str
    options: dict[str, Any]
    tf32: bool
    dtype: torch.dtype = torch.float32


MODES = (
    Mode("fp32", {}, tf32=False),
    Mode("TF32", {}, tf32=True),
    Mode("bf16", {"precision": "bf16"}, tf32=True, dtype=torch.bfloat16),
    Mode("TF32, compiled", {"compile": "on"}, tf32=True),
)


@dataclass(frozen=True)
class Seconds:
    """How long each loop is measured, after it has warmed up."""

    warm: float
    bare: float
    baseline: float
    trainer: float


USUAL, SHORT = Seconds(1.0, 2.0, 3.0, 6.0), Seconds(0.05, 0.1, 0.1, 0.0)


def check(session: Session, family: str) -> Iterator[Row]:
    """A family with its defaults, in each of ``MODES``."""
    baselines: dict[torch.dtype, float] = {}
    for mode in MODES:
        if reason := _senseless(session, mode):
            yield Row(mode.name, skipped=reason)
        else:
            yield Row(mode.name, _measured(session, family, mode, baselines))


def _senseless(session: Session, mode: Mode) -> str:
    if mode.options.get("compile") == "on":
        return "compiling takes minutes, so not with --quick" if session.quick else ""
    return "the CPU has no TF32" if session.device.type == "cpu" and mode.name == "TF32" else ""


def _measured(session: Session, family: str, mode: Mode, baselines: dict[torch.dtype, float]) -> dict[str, Figure]:
    """``baselines``: images a second of those so far; the last one of its type is what compiled networks are compared with."""
    config = session.config(family, check_every=0 if session.quick else 1, **mode.options)
    seconds, device, train = SHORT if session.quick else USUAL, session.device, images.few(config, "train")
    compiled = config.compile == "on"
    with tf32(mode.tf32):
        card.tidy(device)
        card.forget_peak(device)
        step = _speed(bare(config, train), config.batch_size, seconds.bare, seconds.warm, device)
        memory = card.peak(device)
        trained = _trained(session, config, f"{family} {mode.name}", seconds.trainer * step)
        if not compiled:
            pictures = images.Pictures(train, symmetric=isinstance(config, GANConfig))
            script = baseline.steps(config, pictures, device)
            baselines[mode.dtype] = _speed(script, config.batch_size, seconds.baseline, seconds.warm, device)
        product = product_flops(device, mode.dtype, seconds.bare)
        share = step_flops(config, train) * step / product
    usual = baselines[mode.dtype]
    most = OVERHEAD if session.bounded else math.inf
    least = OVER_BASELINE if session.bounded and compiled else -math.inf
    figures = {
        "bare step": Figure(step, "images/s"),
        "whole trainer": Figure(trained, "images/s"),
        "baseline script": Figure(usual, "images/s"),
        "trainer's time over the bare step's": Figure(step / trained, most=most),
        "trainer's speed over the baseline's": Figure(trained / usual, least=least),
        "matrix product": Figure(product / 1e12, "TFLOP/s"),
        "share of it that the bare step reaches": Figure(100 * share, "%"),
    }
    return figures if memory is None else figures | {"peak memory of the bare step": Figure(memory, "MiB")}


def _speed(steps: Generator[None], batch_size: int, seconds: float, warm: float, device: torch.device) -> float:
    """Images a second, once the first steps are made, which are slower."""
    with closing(steps):
        images_per_second(steps, batch_size, warm, device)
        return images_per_second(steps, batch_size, seconds, device)


class _Clock(Report):
    """Remembers when and at which step the first row came: from then on a training is in its usual course."""

    begin: tuple[int, float] | None = None

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        self.begin = self.begin or (step, time.perf_counter())


def _trained(session: Session, config: RunConfig, name: str, wanted: float) -> float:
    """Images a second of a run over ``wanted`` images at least, with all that is done at its epochs and at its end."""
    loader, epochs = (images.few, 2) if session.quick else (images.many, math.ceil(wanted / images.MANY["train"]))
    clock = _Clock()
    loop = trainer(config.model_copy(update={"epochs": epochs}), session.folder / name, clock, loader)
    loop.run()
    card.wait(session.device)
    assert clock.begin is not None
    step, begin = clock.begin
    speed = (loop.step - step) * loop.batch_size / (time.perf_counter() - begin)
    compilation.undo(loop.family)
    return speed
