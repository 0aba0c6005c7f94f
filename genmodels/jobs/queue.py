"""Start, stop and resume runs, each in a process of its own that outlives the page and the server.

There is no scheduler: a started worker waits for its turn by itself. Who is alive is told by lock files, which the kernel
frees when a process dies; a worker inherits the descriptor of its run's lock, so there is no moment without one. Of a worker on
another host, which shares the store, it is told by how lately that has touched its lock (``storage.host_lock``).
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin, command_line
from genmodels.config.families import understood
from genmodels.errors import UserError
from genmodels.jobs import quota, start_check
from genmodels.jobs.built_on import settled
from genmodels.jobs.devices import devices_of
from genmodels.jobs.origin import begins_with, start_of
from genmodels.jobs.policy import PolicyError, policy
from genmodels.jobs.warm_worker import LOCK_VARIABLE, Spare
from genmodels.language import N_
from genmodels.runs.database import StoreError
from genmodels.runs.run import GONE, LOCK, LOG, NO_WORKER
from genmodels.runs.store import Run, Store
from genmodels.settings import for_workers
from genmodels.storage.files import lock, waiting_lock
from genmodels.storage.host_lock import SILENT_SECONDS, elsewhere, holder, is_silent, sign
from genmodels.storage.paths import PROJECT, what_stays

SPARE = Spare()
LOCK_PATIENCE = 1.0  # seconds; somebody who only looks whether a worker lives holds its lock for an instant


class JobError(UserError):
    """A run cannot be started, resumed or stopped as things are."""


def start(
    store: Store,
    config: RunConfig,
    name: str = "",
    owner: str = "",
    command: Sequence[str] = (),
    origin: Origin | None = None,
) -> Run:
    """Put a new run of ``owner`` into the queue with a worker of its own; returns at once.

    ``command``: of another worker than ``train.py --resume``; it is given the id of the run. ``origin``: whose weights it begins
    with. Raises ``UserError`` when the run may not be started.
    """
    with permitted(store, [config], owner):
        run = create(store, config, name, owner, origin)
        return launch(store, run, hold(store, run.id), command)


def create(
    store: Store, config: RunConfig, name: str = "", owner: str = "", origin: Origin | None = None, group: str = ""
) -> Run:
    """A new run in the store, with the command line that would repeat it; whoever calls must hold its lock next.

    Raises ``UserError`` when ``origin`` has no weights for it, or the model that it is built on is not there.
    """
    config = settled(store, config, origin)
    found = start_of(store, origin, config) if origin else None
    run = store.create(config.model_dump(), name, command_line(config, origin), owner, found, group)
    if origin and found:
        store.add_event(run.id, begins_with(store, origin, found))
        store.save_copy(run.id)
    return run


def resume(store: Store, run_id: str, epochs: float = 0.0) -> Run:
    """Let a run that has ended or died go on from its last checkpoint: to its end, or for so many more ``epochs``.

    Raises ``UserError`` when it is under way, or of another version, or more than may be started here: it may have come from
    elsewhere.
    """
    run = store.get(run_id)
    if run is None:
        raise JobError(
            N_("There is no run {run_id}: it may have been deleted; choose one from the list.", run_id=run_id)
        )
    with permitted(store, [understood(run.config, run.name)], run.owner, [run]):
        return launch(store, run, hold(store, run_id), until=run.epoch + epochs if epochs else 0.0)


def check_start(config: RunConfig, begun: bool = False) -> None:
    """Raise ``UserError`` where a run of ``config`` is known to fail here; one that has ``begun`` goes on with other devices where
    its own are gone."""
    start_check.check(config, [] if begun else devices_of(config.model_dump()))


@contextmanager
def permitted(store: Store, configs: Sequence[RunConfig], owner: str, resumed: Sequence[Run] = ()) -> Iterator[None]:
    """For the block in which runs are started, or ``resumed``; raises ``UserError`` when one may not be, or is known to fail.

    One block at a time, so that two starts do not both find the last place in the queue.
    """
    with waiting_lock(store.root / "locks" / "start.lock"):
        alive = store.alive()
        own = sum(run.owner == owner != "" for run in alive)
        begun = [run.attempt > 0 for run in resumed] or [False] * len(configs)
        # Nothing here depends on the seed, and images of one's own are counted for each.
        for config, has_begun in dict.fromkeys(
            zip((config.model_copy(update={"seed": 0}) for config in configs), begun, strict=True)
        ):
            policy().check(config, len(alive), own, len(configs))
            check_start(config, has_begun)
        make_room(store, [run.id for run in resumed])
        yield


def make_room(store: Store, needed: Collection[str] = ()) -> None:
    """Delete ended runs, but none of the ids ``needed``, as far as the disk quota asks.

    Raises ``PolicyError`` when more would have to go than may.
    """
    most = policy().disk_quota_gb
    if most is None:
        return
    gone, enough = quota.surplus(store, most * 10**9, needed)
    for run in gone:
        with suppress(UserError):  # it has just been resumed
            delete(store, run.id)
    if not enough:
        raise PolicyError(
            N_(
                "The runs on this server fill its {most:g} GB: delete some, or unpin some, or ask the operator.",
                most=most,
            )
        )


def hold(store: Store, run_id: str) -> int:
    """The descriptor of the run's lock, signed as of this host; raises ``JobError`` when a worker has it, here or on another
    host, or when the run is no longer there."""
    path, deadline = store.folder(run_id) / LOCK, time.monotonic() + LOCK_PATIENCE
    run = store.get(run_id)
    if (host := elsewhere(path)) and run is not None and run.alive and not is_silent(path):
        raise JobError(
            N_("This run is already under way on {host}: watch it on its page, or stop it first.", host=host)
        )
    try:
        while (held := lock(path)) is None:
            if elsewhere(path) and is_silent(path):  # of a host that is gone, for which the disk keeps it
                path.unlink(missing_ok=True)
            elif time.monotonic() > deadline:
                raise JobError(N_("This run is already under way: watch it on its page, or stop it first."))
            else:
                time.sleep(0.05)
    except FileNotFoundError:
        raise JobError(GONE) from None
    if store.get(run_id) is None:  # deleted while this waited for the lock
        os.close(held)
        raise JobError(GONE)
    sign(held)
    return held


def enqueue(store: Store, run_id: str, until: float = 0.0) -> None:
    """Put a run, whose lock the caller holds, at the end of its queue; what was asked of a former worker is forgotten.

    ``until``: the epoch at which it is to stop, or 0 for its last one.
    """
    place = store.last_place()
    store.update(run_id, state="queued", queued=place, stop_requested=False, error="", until=until, **NO_WORKER)


def stop(store: Store, run_id: str) -> None:
    """Ask a run's worker to finish its step, save and leave; a run without one is left as it is.

    A worker on this host is woken by a signal; one elsewhere reads the request within a second.
    """
    if store.update_alive(run_id, stop_requested=True):
        run = store.get(run_id)
        if run is not None and run.pid is not None and (worker := holder(store.folder(run_id) / LOCK, run.pid)):
            with suppress(psutil.Error):  # it has just left by itself
                worker.terminate()


def delete(store: Store, run_id: str) -> None:
    """Remove a run and its folder for good; raises ``UserError`` while it is under way."""
    from genmodels.jobs import hub_mirror  # with all that reads zips, which no worker needs

    mark_interrupted(store)
    held = hold(store, run_id) if store.folder(run_id).exists() else None
    try:
        store.delete(run_id)
        hub_mirror.forget(store, run_id)
    finally:
        if held is not None:
            os.close(held)


def mark_interrupted(store: Store) -> None:
    """Mark runs whose worker has ended unexpectedly as interrupted (or stopped, if that had been asked).

    Where the disk is full, whoever looks next does.
    """
    for run in store.alive():
        path = store.folder(run.id) / LOCK
        with _without_worker(path) as is_without:
            if is_without:
                state = "stopped" if run.stop_requested else "interrupted"
                error = _silent(host) if state == "interrupted" and (host := elsewhere(path)) else ""
                with suppress(StoreError):
                    if (
                        store.update_alive(run.id, state=state, stop_requested=False, error=error, **NO_WORKER)
                        and error
                    ):
                        store.add_event(run.id, error, "error")


def _silent(host: str) -> str:
    return N_(
        "Nothing has been heard of the process on {host} for {minutes:g} minutes, so the run counts as interrupted. "
        "{what_stays}: resume it, there or here.",
        host=host,
        minutes=SILENT_SECONDS / 60,
        what_stays=what_stays(),
    )


@contextmanager
def _without_worker(path: Path) -> Iterator[bool]:
    """Whether no worker has the run of this lock file, nor gets it here while the block lasts; without its folder, none can."""
    if elsewhere(path):
        yield is_silent(path)
        return
    held = None
    try:
        held = lock(path)
        is_without = held is not None
    except FileNotFoundError:
        is_without = True
    try:
        yield is_without
    finally:
        if held is not None:
            os.close(held)


def position(store: Store, run_id: str) -> int:
    """1 for the run that has, or gets next, its device; 2 for the one after it, and so on; 0 when it is not in the queue."""
    queue = store.alive()
    own = next((run for run in queue if run.id == run_id), None)
    if own is None:
        return 0
    needed = _locks_of(own)
    return 1 + sum(not needed.isdisjoint(_locks_of(run)) for run in queue[: queue.index(own)])


def place_of(store: Store, config: RunConfig) -> int:
    """The place in the queue that a run of ``config`` would get now, 1 for one that would begin at once."""
    needed = {name for device in devices_of(config.model_dump()) for name in device.locks}
    return 1 + sum(not needed.isdisjoint(_locks_of(run)) for run in store.alive())


def _locks_of(run: Run) -> set[str]:
    """What its worker waits for; before that has told, what a worker on this host would."""
    return {*run.locks} or {name for device in devices_of(run.config) for name in device.locks}


def launch(store: Store, run: Run, held: int, command: Sequence[str] = (), until: float = 0.0) -> Run:
    """Put a run, whose lock the caller holds as ``held``, into the queue with a worker of its own, which gets the lock."""
    enqueue(store, run.id, until)
    try:
        with (store.folder(run.id) / LOG).open("ab") as log:
            if command or not SPARE.take(run.id, store.root, held, log.fileno()):
                _spawn(store, run, held, log, command)
    finally:
        os.close(held)
    return store.get(run.id) or run


def _spawn(store: Store, run: Run, held: int, log: IO[bytes], command: Sequence[str]) -> None:
    worker = subprocess.Popen(
        [*(command or (sys.executable, str(PROJECT / "train.py"), "--resume")), run.id],
        env=for_workers() | {LOCK_VARIABLE: str(held), "GENMODELS_HOME": str(store.root)},
        pass_fds=[held],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    # A child that has ended stays a zombie until somebody waits for it.
    threading.Thread(target=worker.wait, daemon=True).start()
