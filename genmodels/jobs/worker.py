"""The process that trains: waits for its turn on the device, trains, and records how it ended.

Loads torch only when its turn has come, so that a queued run costs next to nothing.
"""

import math
import os
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from genmodels.config import families
from genmodels.errors import DeviceError, UserError, disk_failed
from genmodels.jobs import process_group, queue, start_check
from genmodels.jobs.devices import Device, devices_of, hold, show_only
from genmodels.jobs.policy import policy
from genmodels.jobs.stop_signal import StopSignal
from genmodels.jobs.store_report import Show, ShowProgress, StoreReport
from genmodels.jobs.trackers import tracked
from genmodels.language import N_
from genmodels.language.message import of_error
from genmodels.runs.run import LOCK, LOG, NO_WORKER
from genmodels.runs.store import Run, Store
from genmodels.storage.host_lock import beating, elsewhere, sign
from genmodels.storage.launcher import of_launcher
from genmodels.storage.paths import what_stays

if TYPE_CHECKING:
    from genmodels.data.load import Loader

POLL_SECONDS = 0.3
SELDOM = 10  # times as long between two looks of one who is far back in the queue: a sweep is many who wait
TELL_SECONDS = 10.0  # a run that has ended keeps its device until its process has
PATIENCE = 3600.0  # seconds; rather than end, training waits for a store that somebody keeps to himself
GPU_ERRORS = ("CUDA error", "CUDA driver", "No CUDA GPUs", "cuDNN error")  # how the messages of torch's errors begin
NO_CUDA = N_(
    "This machine has a GPU that torch cannot use: install a driver and a CUDA build of torch that fit each other"
)
MPS_MEMORY = "MPS backend out of memory"  # of a plain RuntimeError


def work(
    store: Store,
    run: Run,
    lock_fd: int,
    show: Show,
    show_progress: ShowProgress = lambda *values: None,
    loader: "Loader | None" = None,
) -> str:
    """Train ``run``, whose lock the caller holds as ``lock_fd``, to its end; returns the state it ended in.

    ``loader``: of other images than the config's, see ``Trainer``.

    Frees the lock then: a process with torch takes seconds to exit, and the run may be resumed before.
    """
    stop_signal = StopSignal()
    os.set_inheritable(lock_fd, False)
    store.patience = PATIENCE
    sign(lock_fd)
    try:
        with beating(lock_fd):
            return _work(store, run, stop_signal, show, show_progress, loader)
    finally:
        os.close(lock_fd)


def _work(
    store: Store,
    run: Run,
    stop_signal: StopSignal,
    show: Show,
    show_progress: ShowProgress,
    loader: "Loader | None",
) -> str:
    try:
        devices = devices_of(process_group.as_launched(run.config))
        missing = [device for device in devices if not device.is_there]
        if missing and run.attempt:
            store.add_event(
                run.id,
                N_("There is no {name} here any more: training goes on with what there is.", name=missing[0].name),
                "warning",
            )
            run = replace(run, config=run.config | {"device": "auto", "processes": 1})
            devices = devices_of(process_group.as_launched(run.config))
        elif len(devices) > 1:
            start_check.require_devices(run.config["device"], devices)
        for doubt in dict.fromkeys(device.doubt for device in devices if device.doubt):
            store.add_event(run.id, doubt)
        locks = [name for device in devices for name in device.locks]
        store.update(run.id, state="queued", pid=os.getpid(), locks=locks, error="")
        device_locks = _wait_for_turn(store, run, devices, stop_signal, show)
        if device_locks is None:
            return _end(store, run, "stopped")
        store.update(run.id, state="running", device=_names(devices))
        return _end(store, run, _train(store, run, devices, stop_signal, show, show_progress, loader))
    except Exception as error:
        first_line = str(error).partition("\n")[0]
        sentence = _sentence(error, first_line)
        if sentence is None:
            # Not to the terminal that the command may run in: the sentence is also read on a page, and later.
            with (
                suppress(OSError),
                (store.folder(run.id) / LOG).open("a", encoding="utf-8", errors="backslashreplace") as log,
            ):
                traceback.print_exc(file=log)
            sentence = N_(
                "Training failed ({kind}: {first_line}); the run's {log} has the details.",
                kind=type(error).__name__,
                first_line=first_line,
                log=LOG,
            )
        show(sentence)
        # A disk that is full may not take even this; whoever looks next finds the run interrupted then.
        with suppress(OSError, UserError):
            store.add_event(run.id, sentence, "error")
            _end(store, run, "failed", error=sentence)
        return "failed"


def _names(devices: Iterable[Device]) -> str:
    return ", ".join(device.name for device in devices)


def _train(
    store: Store,
    run: Run,
    devices: list[Device],
    stop_signal: StopSignal,
    show: Show,
    show_progress: ShowProgress,
    loader: "Loader | None",
) -> str:
    if devices[0].is_card:
        show_only(devices)
    import torch

    from genmodels.training.trainer import Trainer

    hours, begin = policy().most_hours, time.monotonic()

    def should_stop() -> bool:
        if hours is not None and store.get(run.id) is not None and time.monotonic() - begin > 3600 * hours:
            store.add_event(
                run.id,
                N_("Stopped after {hours:g} hours, the most that this server gives a run at a time.", hours=hours),
                "warning",
            )
            return True
        return stop_signal.received or _is_to_stop(store, run)

    config, folder = families.parse(run.config), store.folder(run.id)
    processes = max(1, config.processes) if devices[0].name == "cpu" else len(devices)
    if of_launcher("WORLD_SIZE"):  # a launcher such as torchrun has started the others
        processes = 1
    without_cuda = devices[0].is_card and not torch.cuda.is_available()
    if without_cuda and processes > 1:  # which would have to meet on cards that none of them can use
        raise DeviceError(N_("{no_cuda}, or choose 1 process.", no_cuda=NO_CUDA))
    with (
        tracked(StoreReport(store, run, show, show_progress), config, run, folder) as report,
        process_group.other_processes(run.id, processes, folder / LOG) as is_gone,
    ):
        if without_cuda and config.device == "auto":
            report.event(N_("{no_cuda}. Until then training goes on on the CPU.", no_cuda=NO_CUDA), "warning")
        try:
            with stop_signal.interrupting(should_stop):
                trainer = Trainer(config, folder, report, loader)
        except KeyboardInterrupt:
            return "stopped"
        return trainer.run(lambda: is_gone() or should_stop(), run.until or math.inf)


def _wait_for_turn(
    store: Store, run: Run, devices: list[Device], stop_signal: StopSignal, show: Show
) -> list[int] | None:
    """The locks of the devices once this run is the first in their queues, or None when it is asked to stop before."""
    shown, tell_at = 0, math.inf
    while True:
        if stop_signal.received or _is_to_stop(store, run):
            return None
        queue.mark_interrupted(store)
        position = queue.position(store, run.id)
        if position == 1:
            held = hold(store.root / "locks", devices)
            if held is not None:
                return held
            if shown == position and time.monotonic() > tell_at:
                store.add_event(
                    run.id,
                    N_(
                        "A run that is not in this queue, such as another user's, has {names} or a part of it: this one "
                        "begins when that has ended.",
                        names=_names(devices),
                    ),
                )
                tell_at = math.inf
        if position != shown:
            show(N_("Waiting for {names}: place {position} in the queue", names=_names(devices), position=position))
            shown, tell_at = position, time.monotonic() + TELL_SECONDS
        time.sleep(POLL_SECONDS * min(max(1, position - 1), SELDOM))


def _is_to_stop(store: Store, run: Run) -> bool:
    """Whether somebody has asked for it, or the run is no longer this worker's: one who has not been heard of for long is taken
    for dead by other hosts."""
    row = store.get(run.id)
    return row is None or row.stop_requested or not row.alive or _is_taken_over(store, run)


def _is_taken_over(store: Store, run: Run) -> bool:
    """Whether the run has got another worker, on another host."""
    return bool(elsewhere(store.folder(run.id) / LOCK))


def _end(store: Store, run: Run, state: str, **values: Any) -> str:
    if _is_taken_over(store, run):
        return state
    store.update(run.id, state=state, stop_requested=False, **NO_WORKER, **values)
    store.save_copy(run.id)
    with suppress(UserError, OSError):  # whoever starts the next run is told
        queue.make_room(store, [run.id])
    return state


def _sentence(error: Exception, first_line: str) -> str | None:
    """What to tell the user, or None for an error that nobody has thought of: our own errors speak for themselves."""
    if isinstance(error, UserError):
        return of_error(error)
    if isinstance(error, OSError):
        return disk_failed(error, N_("resume the run"))
    # torch's, which need not be loaded here
    if type(error).__name__ == "OutOfMemoryError" or first_line.startswith(MPS_MEMORY):
        return N_(
            "The device's memory is too small for these images and networks: start again with narrower or smaller ones."
        )
    if type(error).__name__ == "AcceleratorError" or first_line.startswith(GPU_ERRORS):
        return N_(
            "The GPU failed or was taken away ({first_line}). {what_stays}: resume the run; where there is no GPU"
            " any more, it resumes on the CPU.",
            first_line=first_line,
            what_stays=what_stays(),
        )
    return None
