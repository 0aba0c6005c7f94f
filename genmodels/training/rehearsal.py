"""A second of training on random images, by which one knows how long a step takes; nothing of it is kept."""

import time

import torch

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS
from genmodels.data.noise import Noise
from genmodels.models import build
from genmodels.models.base import Batch, floats
from genmodels.training.devices import make_accelerator

SECONDS, FIRST_STEPS = 1.0, 2  # the first steps make what the others find


def rehearse(config: RunConfig, seconds: float = SECONDS) -> float:
    """Seconds of one step of a run of ``config``, measured for so many seconds; raises as ``make_accelerator``."""
    accelerator = make_accelerator(config)
    classes = len(DATASETS[config.dataset].classes) or 2
    family = build(config, classes)
    family.prepare(accelerator)
    noise = Noise(config.seed, accelerator.device)
    side = config.image_size
    generator = torch.Generator().manual_seed(config.seed)
    images = torch.randint(
        256, (config.batch_size, config.channels, side, side), generator=generator, dtype=torch.uint8
    )
    labels = torch.randint(classes, (config.batch_size,), generator=generator)
    batch = Batch(images.to(accelerator.device), labels.to(accelerator.device), epoch=0.0)

    def step() -> None:
        floats(family.step(batch, noise))  # waits for the device
        family.update_average(0)

    for _ in range(FIRST_STEPS):
        step()
    begin, done = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        step()
        done += 1
    return (time.monotonic() - begin) / max(1, done)
