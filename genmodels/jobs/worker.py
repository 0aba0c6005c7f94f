"""The process that trains: waits for its turn on the device, trains, and records how it ended.

Loads torch only when its turn has come, so that a queued run costs next to nothing.
"""

import math
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pandas as pd

from genmodels.config import families
from genmodels.errors import TrainingError, UserError, disk_failed
from genmodels.jobs import process_group, queue
from genmodels.jobs.policy import policy
from genmodels.jobs.trackers import tracked
from genmodels.runs.run import LOG
from genmodels.runs.store import Run, Store
from genmodels.storage.callbacks import Level, Report
from genmodels.storage.files import lock
from genmodels.training import diagnosis

POLL_SECONDS = 0.3
PATIENCE = 3600.0  # seconds; rather than end, training waits for a store that somebody keeps to himself
GPU_ERRORS = ("CUDA error", "CUDA driver", "No CUDA GPUs", "cuDNN error")  # how the messages of torch's errors begin
MPS_MEMORY = "MPS backend out of memory"  # of a plain RuntimeError

Show = Callable[[str], None]  # takes a sentence
ShowProgress = Callable[
    [int, int, float, dict[str, float]], None
]  # takes step, total steps, epoch, last values by curve


class StoreReport(Report):
    """Writes what the trainer tells into the run store, and shows it to whoever started the process."""

    def __init__(self, store: Store, run: Run, show: Show, show_progress: ShowProgress) -> None:
        self.store, self.run, self.show, self.show_progress = store, run, show, show_progress
        self.last: dict[str, float] = {}
        self.total_steps = 0
        self.rows: pd.DataFrame | None = None  # of this attempt, as far as they were looked at
        self.known: set[str] = set()  # kinds of findings that were told
        self.early = ""  # as it was told

    def started(self, step: int, total_steps: int, environment: dict[str, str]) -> None:
        self.store.drop_metrics_after(self.run.id, step)
        self.rows = None
        # A new attempt tells those who look that rows may have been dropped; it comes before any new row.
        attempt = self.run.attempt + 1
        self.store.update(self.run.id, attempt=attempt, step=step, total_steps=total_steps, environment=environment)
        self.total_steps = total_steps
        self.show(f"Training {self.run.name} on {environment['device']}")

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        self.store.update(self.run.id, step=step, epoch=epoch, images_per_second=images_per_second, seconds=seconds)
        self.show_progress(step, self.total_steps, epoch, self.last)

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.last |= values
        self.store.add_metrics(self.run.id, step, epoch, values)
        if any(name.startswith(("test/", "score/")) or not math.isfinite(value) for name, value in values.items()):
            self._look_after_health()

    def _look_after_health(self) -> None:
        """Note what is wrong with the run now, and tell what is new."""
        self.rows = self.store.with_new_metrics(self.run.id, self.rows)
        found = diagnosis.diagnose(self.run.config, self.rows)
        self.store.update(self.run.id, health=str(found))
        for finding in found.findings:
            # What is not finite ends training, with a sentence of its own.
            if finding.kind not in self.known and finding.kind != diagnosis.NOT_FINITE:
                self.event(str(finding))
        self.known = {finding.kind for finding in found.findings}
        if found.early and found.early != self.early:
            self.show(found.early)
        self.early = found.early

    def event(self, text: str, level: Level = "info") -> None:
        self.store.add_event(self.run.id, text, level)
        self.show(text)

    def saved(self, step: int) -> None:
        self.store.save_copy(self.run.id)


def work(store: Store, run: Run, lock_fd: int, show: Show, show_progress: ShowProgress = lambda *values: None) -> str:
    """Train ``run``, whose lock the caller holds as ``lock_fd``, to its end; returns the state it ended in.

    Frees the lock then: a process with torch takes seconds to exit, and the run may be resumed before.
    """
    stop_signal = _StopSignal()
    os.set_inheritable(lock_fd, False)
    store.patience = PATIENCE
    try:
        store.update(run.id, state="queued", pid=os.getpid(), error="")
        devices, missing = queue.devices_of(run.config), queue.missing(run.config)
        if missing and run.attempt:
            store.add_event(
                run.id, f"There is no {missing[0]} here any more: training goes on with what there is.", "warning"
            )
            run = replace(run, config=run.config | {"device": "auto", "processes": 1})
            devices = queue.devices_of(run.config)
        elif missing and len(devices) > 1:
            present = [device for device in devices if device not in missing]
            raise TrainingError(f"There is no {missing[-1]} here, only {', '.join(present)}: choose fewer processes.")
        device_locks = _wait_for_turn(store, run, devices, stop_signal, show)
        if device_locks is None:
            return _end(store, run, "stopped")
        store.update(run.id, state="running", device=", ".join(devices))
        return _end(store, run, _train(store, run, devices, stop_signal, show, show_progress))
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        sentence = _sentence(error, first_line)
        if sentence is None:
            # Not to the terminal that the command may run in: the sentence is also read on a page, and later.
            with suppress(OSError), (store.folder(run.id) / LOG).open("a", encoding="utf-8") as log:
                traceback.print_exc(file=log)
            sentence = f"Training failed ({type(error).__name__}: {first_line}); the run's {LOG} has the details."
        show(sentence)
        # A disk that is full may not take even this; whoever looks next finds the run interrupted then.
        with suppress(OSError, UserError):
            store.add_event(run.id, sentence, "error")
            _end(store, run, "failed", error=sentence)
        return "failed"
    finally:
        os.close(lock_fd)


def _train(
    store: Store, run: Run, devices: list[str], stop_signal: "_StopSignal", show: Show, show_progress: ShowProgress
) -> str:
    if devices[0].startswith("cuda"):
        os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(device.removeprefix("cuda:") for device in devices)
    from genmodels.training.trainer import Trainer

    hours, begin = policy().most_hours, time.monotonic()

    def should_stop() -> bool:
        row = store.get(run.id)
        if hours is not None and row is not None and time.monotonic() - begin > 3600 * hours:
            store.add_event(
                run.id, f"Stopped after {hours:g} hours, the most that this server gives a run at a time.", "warning"
            )
            return True
        return stop_signal.received or row is None or row.stop_requested

    config, folder = families.parse(run.config), store.folder(run.id)
    processes = max(1, config.processes) if devices == ["cpu"] else len(devices)
    if "WORLD_SIZE" in os.environ:  # a launcher such as torchrun has started the others
        processes = 1
    with (
        tracked(StoreReport(store, run, show, show_progress), config, run, folder) as report,
        process_group.other_processes(run.id, processes, folder / LOG) as is_gone,
    ):
        try:
            with stop_signal.interrupting():
                trainer = Trainer(config, folder, report)
        except KeyboardInterrupt:
            return "stopped"
        return trainer.run(lambda: is_gone() or should_stop())


def _wait_for_turn(
    store: Store, run: Run, devices: list[str], stop_signal: "_StopSignal", show: Show
) -> list[int] | None:
    """The locks of the devices once this run is the first in their queues, or None when it is asked to stop before."""
    told = 0
    while True:
        row = store.get(run.id)
        if stop_signal.received or row is None or row.stop_requested:
            return None
        queue.mark_interrupted(store)
        place = queue.position(store, run.id)
        if place == 1:
            held = [lock(store.root / "locks" / f"{device}.lock") for device in devices]
            taken = [descriptor for descriptor in held if descriptor is not None]
            if len(taken) == len(devices):
                return taken
            for descriptor in taken:
                os.close(descriptor)
        if place != told:
            show(f"Waiting for {', '.join(devices)}: place {place} in the queue")
            told = place
        time.sleep(POLL_SECONDS)


def _end(store: Store, run: Run, state: str, **values: Any) -> str:
    store.update(run.id, state=state, pid=None, stop_requested=False, **values)
    store.save_copy(run.id)
    with suppress(UserError, OSError):  # whoever starts the next run is told
        queue.make_room(store, run.id)
    return state


def _sentence(error: Exception, first_line: str) -> str | None:
    """What to tell the user, or None for an error that nobody has thought of: our own errors speak for themselves."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        return disk_failed(error, "resume the run")
    # torch's, which need not be loaded here
    if type(error).__name__ == "OutOfMemoryError" or first_line.startswith(MPS_MEMORY):
        return (
            "The device's memory is too small for these images and networks: start again with narrower or smaller ones."
        )
    if type(error).__name__ == "AcceleratorError" or first_line.startswith(GPU_ERRORS):
        return (
            f"The GPU failed or was taken away ({first_line}). Nothing up to the last checkpoint is lost: resume the run; "
            "where there is no GPU any more, it resumes on the CPU."
        )
    return None


class _StopSignal:
    """Remembers SIGTERM, the end of the terminal and the first Ctrl-C; a second Ctrl-C ends at once."""

    def __init__(self) -> None:
        self.received = self.at_once = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks
                signal.signal(number, self._receive)

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """A stop ends this block at once, by ``KeyboardInterrupt``: there is no step to finish, but maybe a long download."""
        self.at_once = True
        try:
            if self.received:
                raise KeyboardInterrupt
            yield
        finally:
            self.at_once = False

    def _receive(self, number: int, frame: object) -> None:
        if self.at_once or (self.received and number == signal.SIGINT):
            raise KeyboardInterrupt
        self.received = True
