"""What is computed in a process of its own while pages look on, and is kept on disk: one of a kind at a time on a machine. Free of torch.

The process works in a folder and writes there how far it is, then what it has found. It holds two locks, the folder's and the
machine's, so that nothing is computed twice and one at a time; the kernel frees them when it dies.
"""

import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Generic, Literal, TypeVar

import psutil

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.machine import cores
from genmodels.settings import for_workers
from genmodels.storage.files import is_held, lock, write_text
from genmodels.storage.host_lock import holder, sign
from genmodels.storage.paths import PROJECT, home

MOST_BYTES = 4 * 2**30  # of memory
OWNER = ".owner"  # hidden, so that no zip holds it
LONGEST_ERROR = 500  # characters: it may have come in a zip
KINDNESS = 10  # it gives way to training by so much, see nice(2), and leaves it half of the cores

Found_co = TypeVar("Found_co", covariant=True)


def threads() -> int:
    """How many it computes with: a visitor of a server does not get all of its cores."""
    return min(cores(), max(2, cores() // 2))


@dataclass(frozen=True)
class Progress(Generic[Found_co]):
    """How far it is. ``found``: by now, or None before there is anything; ``share`` is from 0 to 1."""

    state: Literal["missing", "running", "cancelled", "done", "failed"]
    found: Found_co | None = None
    share: float = 0.0
    error: str = ""


class Background(ABC, Generic[Found_co]):
    """What is computed in ``folder``."""

    title: ClassVar[str]  # what readers call it
    kind: ClassVar[str]  # of which one is computed at a time on a machine
    partial: ClassVar[str]  # the file in which it tells what it has found by now
    less: ClassVar[str]  # the way out where it takes too long or too much memory, such as ``choose fewer images``

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._began = time.monotonic()

    @abstractmethod
    def command(self) -> list[str]:
        """The process that computes it."""

    @abstractmethod
    def compute(self) -> object:
        """Compute it here, writing what is found now and then; raises ``ValueError`` where that cannot be."""

    @abstractmethod
    def make_room(self) -> None:
        """Remove others of its kind when there are many, see ``keep_newest``."""

    @abstractmethod
    def finished_result(self) -> Found_co | None:
        """What was found, or None before that."""

    @abstractmethod
    def partial_result(self) -> tuple[Found_co, float] | None:
        """What is found by now, and after which share of the way, or None before there is anything."""

    def start(self, owner: str = "") -> bool:
        """Have it computed in the background for ``owner``, unless it is there or somebody is at it.

        False where another of its kind is being computed on this machine: ask again when that is done. Raises
        ``FileNotFoundError`` without a folder around its own.
        """
        self.folder.mkdir(exist_ok=True)
        # The machine's first, which has the lower number then: the kernel frees it before that by which this is seen to end.
        locks = home() / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        turn = lock(locks / f"{self.kind}.lock")
        if turn is None:
            return self.is_running()
        held = lock(self.folder / "lock")
        try:
            if held is not None and self.finished_result() is None:
                self._launch(owner, turn, held)
        finally:
            for descriptor in filter(None, (held, turn)):
                os.close(descriptor)
        return True

    def _launch(self, owner: str, turn: int, held: int) -> None:
        """Start the process, which inherits both locks, so that there is no moment without a holder."""
        self.make_room()
        for left in (self.partial, "failed.txt", "cancelled", "pid"):
            (self.folder / left).unlink(missing_ok=True)
        write_text(self.folder / OWNER, owner)
        sign(held)
        process = subprocess.Popen(
            self.command(),
            cwd=PROJECT,
            env=environment(),
            pass_fds=[turn, held],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        write_text(self.folder / "pid", str(process.pid))
        threading.Thread(target=process.wait, daemon=True).start()

    @property
    def owner(self) -> str:
        """For whom it is being computed; empty for nobody in particular."""
        try:
            return (self.folder / OWNER).read_text(encoding="utf-8")
        except OSError:
            return ""

    def cancel(self) -> None:
        """End the process that computes it, if there is one."""
        if self.is_running():
            (self.folder / "cancelled").touch()
            with suppress(OSError, ValueError, psutil.Error):
                if process := holder(self.folder / "lock", int((self.folder / "pid").read_text())):
                    process.terminate()

    def is_running(self) -> bool:
        """Whether a process computes it."""
        return is_held(self.folder / "lock")

    def look(self) -> Progress[Found_co]:
        """How far it is by now."""
        running = self.is_running()  # first: it may be done between two looks, but not begin by itself
        done = self.finished_result()
        if done is not None:
            return Progress("done", done, 1.0)
        if running:
            partial = self.partial_result()
            return Progress("running", *partial) if partial else Progress("running")
        with suppress(OSError), (self.folder / "failed.txt").open(encoding="utf-8", errors="replace") as reason:
            return Progress("failed", error=reason.read(LONGEST_ERROR))
        return Progress("cancelled" if (self.folder / "cancelled").exists() else "missing")

    def must_be_within(self, seconds: float) -> None:
        """Raises ``ValueError`` when it has taken longer than that."""
        if time.monotonic() - self._began > seconds:
            raise ValueError(
                N_(
                    "{title} has taken more than {seconds:g} minutes: {less}.",
                    title=self.title,
                    seconds=seconds / 60,
                    less=self.less,
                )
            )


def keep_newest(folders: Iterable[Path], most: int) -> None:
    """Remove the oldest of ``folders`` until there are at most so many; one that is gone meanwhile is no matter."""
    dated = []
    for folder in folders:
        with suppress(FileNotFoundError):
            dated.append((folder.stat().st_mtime, folder))
    for _, old in sorted(dated, reverse=True)[most:]:
        shutil.rmtree(old, ignore_errors=True)


def environment() -> dict[str, str]:
    """That of the process, which keeps to its share of the cores."""
    return {"OMP_NUM_THREADS": str(threads()), "NUMBA_NUM_THREADS": str(threads())} | for_workers()


def give_way() -> None:
    """Have this process compute behind training, and within bounds of memory."""
    os.nice(KINDNESS)
    with suppress(OSError, ValueError):  # a lower bound may hold already
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def work(made: Background) -> None:
    """What the process does: compute it, or write down why that cannot be."""
    give_way()
    try:
        made.compute()
    except Exception as error:
        made.folder.mkdir(exist_ok=True)
        write_text(made.folder / "failed.txt", _sentence(made, error))
        sys.exit(1)


def _sentence(made: Background, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return N_(
            "{title} needs more than {most_bytes:g} GB of memory: {less}.",
            title=made.title,
            most_bytes=MOST_BYTES / 2**30,
            less=made.less,
        )
    return str(error) if isinstance(error, ValueError | UserError) else f"{type(error).__name__}: {error}"
