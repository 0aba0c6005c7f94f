"""Small GANs to be trained for a step or two."""

from typing import Any

import torch
from accelerate import Accelerator

from genmodels.config.families import GANConfig
from genmodels.models import build
from genmodels.models.base import Batch

CLASSES = 10


def trainable(config: type[GANConfig], **values: Any) -> Any:
    """The model of a small config, on the CPU."""
    family = build(config.model_validate({"width": 4, "latent_dim": 8, "batch_size": 16} | values), CLASSES)
    family.prepare(Accelerator(cpu=True))
    return family


def batch(step: int = 0, n: int = 16, channels: int = 1, side: int = 28) -> Batch:
    """Noise with classes, the same for the same step."""
    generator = torch.Generator().manual_seed(step)
    pixels = torch.randint(0, 256, (n, channels, side, side), dtype=torch.uint8, generator=generator)
    return Batch(pixels, torch.randint(0, CLASSES, (n,), generator=generator), 0.0, step)
