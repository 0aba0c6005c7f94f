"""How the learning rates change in the course of training."""

import math
from collections.abc import Iterable

from torch.optim import Optimizer

from genmodels.config.base import RunConfig

LAST = 0.01  # what the cosine leaves of a rate at the end


def set_learning_rates(optimizers: Iterable[Optimizer], config: RunConfig, step: int, total_steps: int) -> None:
    """Give each optimiser the rate for the step after ``step`` of so many: its first one throughout, or half a cosine from
    that to ``LAST`` of it (Loshchilov and Hutter 2017, without restarts).

    A function of the step alone, so that a checkpoint need not hold the state of one of torch's schedulers.
    """
    factor = 1.0
    if config.schedule == "cosine":
        factor = LAST + (1 - LAST) * (1 + math.cos(math.pi * step / total_steps)) / 2
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = group.setdefault("initial_lr", group["lr"]) * factor
