"""The lock of a process that other hosts look at too: where its holder runs, and whether that still lives.

On one machine the kernel tells, which frees a lock when its holder dies. Over a network that is not to be relied on: some file
systems lock within one host alone, others keep the lock of a host that is gone. So a holder signs the file with where it runs, and
touches it every so often; whether one on another host lives is told by that.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from genmodels import machine
from genmodels.storage.files import is_held, read_text

BEAT_SECONDS = 10.0
SILENT_SECONDS = 120.0  # a file server may keep everybody waiting for a minute


def sign(descriptor: int) -> None:
    """Write into a lock file that is held where its holder runs: this process, or one that it starts."""
    with suppress(OSError):  # on a full disk it stays unsigned, and the kernel alone tells
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, _signature().encode(), 0)


def elsewhere(path: Path) -> str:
    """The name of the other machine on which a lock file was signed last; empty if it was on this one, or nowhere."""
    words = (read_text(path) or "").split()
    return words[0] if len(words) == 3 and words[1] != machine.kernel() else ""


def is_silent(path: Path) -> bool:
    """Whether a lock file has not been touched for so long that its holder on another host counts as dead.

    By the clock of the disk, as the clocks of two hosts may differ.
    """
    try:
        # A network file system asks its server anew when a file is opened.
        with path.open() as touched, tempfile.TemporaryFile(prefix=".now-", dir=path.parent) as now:
            return os.fstat(now.fileno()).st_mtime - os.fstat(touched.fileno()).st_mtime > SILENT_SECONDS
    except FileNotFoundError:
        return True
    except OSError:  # nothing can be made out
        return False


def has_holder(path: Path) -> bool:
    """Whether somebody holds a lock file, here or on another host."""
    return not is_silent(path) if elsewhere(path) else is_held(path)


def holder(path: Path, pid: int) -> psutil.Process | None:
    """The process ``pid`` of this host if it was here that the lock file was signed, and it has that open as its holder has.

    A number alone says little: that process may have ended long ago, and another host or container has one of the same number.
    """
    if read_text(path) != _signature():
        return None
    try:
        process = psutil.Process(pid)
        opened = {Path(file.path) for file in process.open_files()}
    except psutil.Error:  # there is none, or it is not ours to look into
        return None
    return process if path.resolve() in opened else None


@contextmanager
def beating(descriptor: int) -> Iterator[None]:
    """Touch a lock file that is held as long as the block lasts, so that other hosts see that its holder lives."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_SECONDS):
            with suppress(OSError):
                os.utime(descriptor)

    beats = threading.Thread(target=beat, daemon=True)
    beats.start()
    try:
        yield
    finally:
        ended.set()
        beats.join()  # the descriptor may mean another file next


def _signature() -> str:
    return f"{machine.node()} {machine.kernel()} {machine.process_numbers()}"
