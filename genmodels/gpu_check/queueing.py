"""Two runs that a process which uses the device starts, as the app's does: one waits for the other, and all three do their work."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import torch
from torch import Tensor

from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.config.base import RunConfig
from genmodels.data.noise import Noise
from genmodels.gpu_check import worker
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Session
from genmodels.jobs import queue
from genmodels.models import build
from genmodels.models.base import Family
from genmodels.runs.run import ALIVE, LOG
from genmodels.runs.store import Run, Store

COMMAND = (sys.executable, "-m", worker.__name__)
WATCHED = 2.0  # seconds in which the second must not begin
PAUSE = 0.1  # between two looks
SAME = 1e-4  # of images in [0, 1] that are drawn twice


def check(session: Session) -> Iterator[Row]:
    """Both are stopped within their first epoch, once each has had the device."""
    # Of so small a batch that no epoch ends meanwhile.
    config = session.config("vae", epochs=100, batch_size=2, check_every=0)
    model = build(config).to(session.device)
    drawn = _drawn(model)
    store = Store(session.folder / "store")
    with _ended(store):
        reached, place, training = _one_after_the_other(store, config)
        figures = {
            "steps of the first": Figure(reached[0], least=1),
            "place of the second meanwhile": Figure(place, least=2, most=2),
            "runs that train meanwhile": Figure(training, least=1, most=1),
            "steps of the second afterwards": Figure(reached[1], least=1),
            "images of this process differ by": Figure((_drawn(model) - drawn).abs().max().item(), most=SAME),
        }
    yield Row("two runs beside a process that draws", figures)


def _drawn(model: Family) -> Tensor:
    shown = torch.zeros(16, 1, 28, 28, dtype=torch.uint8, device=model.device)
    return model.random_samples(shown, Noise(0, model.device))


def _one_after_the_other(store: Store, config: RunConfig) -> tuple[list[int], int, int]:
    """The steps that each of two runs has made; and, while the first trained, the place of the second and how many trained."""
    first = queue.start(store, config, command=COMMAND)
    _until(store, first, _trains)
    second = queue.start(store, config, command=COMMAND)
    _until(store, second, lambda run: run.pid is not None)
    time.sleep(WATCHED)
    place, training = queue.position(store, second.id), sum(map(_trains, store.runs()))
    for run in (first, second):
        _until(store, run, _trains)
        queue.stop(store, run.id)
        _until(store, run, lambda run: run.state == "stopped")
    return [max(steps(store.folder(run.id) / NEWEST), default=0) for run in (first, second)], place, training


def _trains(run: Run) -> bool:
    return (
        run.state == "running" and run.total_steps > 0
    )  # which its trainer tells when it has the images on the device


def _until(store: Store, run: Run, is_so: Callable[[Run], bool]) -> None:
    """Wait; raises ``RuntimeError`` with what is known of a run that has ended by itself."""
    while (row := store.get(run.id)) is not None and not is_so(row):
        queue.mark_interrupted(store)
        if row.state not in (*ALIVE, "stopped"):
            log = (store.folder(run.id) / LOG).read_text(errors="replace").strip()
            raise RuntimeError(f"its run is {row.state}: {row.error or log.rpartition(chr(10))[2]}")
        time.sleep(PAUSE)


@contextmanager
def _ended(store: Store) -> Iterator[None]:
    """For a block after which no worker is left, however it ends."""
    try:
        yield
    finally:
        for run in store.alive():
            if run.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(run.pid, signal.SIGKILL)
