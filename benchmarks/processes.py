"""Two processes on one global batch against one, each with one core of the CPU, or one GPU: what the all-reduce of gradients leaves."""

import os
import tempfile
import time
from statistics import median

import pandas as pd

from benchmarks.training import MODELS
from genmodels.config.base import RunConfig
from genmodels.jobs import queue
from genmodels.models import build
from genmodels.runs.store import Store

EPOCHS = 2  # the speed of the second is told
FAMILIES = ("vae", "dcgan")


def measure(turns: int) -> dict[str, float]:
    """For each model the gradient's size in MB, images per second of one and of two processes, and their ratio, at most 2."""
    result: dict[str, float] = {}
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # a worker may still be leaving
        os.environ["GENMODELS_HOME"], os.environ["GENMODELS_SPARE"] = folder, "0"
        for name in FAMILIES:
            config = MODELS[name].model_copy(update={"epochs": EPOCHS, "check_every": 0.0, "preview_every": 0.0})
            networks = build(config, 0).networks.values()
            numbers = sum(parameter.numel() for network in networks for parameter in network.parameters())
            pairs = [[_speed(config, processes) for processes in (1, 2)] for _ in range(turns)]
            result |= {
                f"{name}, gradient (MB)": numbers * 4 / 1e6,
                f"{name}, one process (images/s)": median(one for one, _ in pairs),
                f"{name}, two processes (images/s)": median(two for _, two in pairs),
                f"{name}, two over one": median(two / one for one, two in pairs),
            }
    return result


def _speed(config: RunConfig, processes: int) -> float:
    """Images per second over the last epoch."""
    store = Store()
    run = queue.start(store, config.model_copy(update={"processes": processes}))
    times: dict[float, float] = {}  # epoch -> first seen
    while (row := store.get(run.id)) is not None and (row.alive or not times):
        times.setdefault(row.epoch, time.monotonic())
        time.sleep(0.02)
    seen = pd.Series(times)
    last = seen[seen.index >= EPOCHS - 1]
    return (last.index[-1] - last.index[0]) * 4000 / (last.iloc[-1] - last.iloc[0])
