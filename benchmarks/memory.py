"""Whether training takes more and more memory: each GAN objective in a process of its own, after 100 and after 500 steps."""

import gc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

import psutil
import torch

from benchmarks.training import bare
from genmodels.config.families import DCGANConfig
from genmodels.config.objectives import OBJECTIVES

EARLY, LATE = 100, 500  # steps
BATCH, WIDTH = 32, 32  # small, so that what grows is not lost in what stays, and to be quick


def measure(turns: int) -> dict[str, float]:
    """For each objective the memory at step 500 in MiB, and its ratio to that at step 100; one turn is enough, it repeats."""
    result = {}
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for objective, (early, late) in zip(OBJECTIVES, pool.map(_memory, OBJECTIVES), strict=True):
            result[f"{objective}, MiB"] = late
            result[f"{objective}, step {LATE} over step {EARLY}"] = late / early
    return result


def _memory(objective: str) -> tuple[float, float]:
    """MiB at both steps: allocated on the CUDA device if there is one, else resident in this process."""
    steps = bare(DCGANConfig(objective=objective, batch_size=BATCH, width=WIDTH))
    return _advance(steps, EARLY), _advance(steps, LATE - EARLY)


def _advance(steps: Iterator[None], count: int) -> float:
    """MiB in use after so many more steps."""
    for _ in islice(steps, count):
        pass
    gc.collect()
    used = torch.cuda.memory_allocated() if torch.cuda.is_available() else psutil.Process().memory_info().rss
    return used / 2**20
