"""Writing to disk so that a reader, or a crash, sees the old thing or the new one and never a half."""

import fcntl
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from genmodels.errors import UserError


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """A temporary path beside ``path``; what is written there takes its place, synced, when the block ends well.

    ``mode``: who may read and write it, as far as the umask lets them.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str, mode: int = 0o666) -> None:
    """Write or replace a whole text file; ``mode``: see ``replacing``."""
    with replacing(path, mode) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_text(path: Path) -> str | None:
    """A text file, or None when it is not there: asked first, it might be gone by the time that it is read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def files_below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file in ``folder`` and the folders in it, with its size and dates; what goes meanwhile is left out."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            with suppress(FileNotFoundError):
                if stat.S_ISREG((found := path.stat()).st_mode):
                    yield path, found


def remove(path: Path) -> None:
    """Remove a file, or a folder with all that is in it; what cannot go stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def sync(path: Path) -> None:
    """Ask the disk to keep a file, or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def lock(path: Path) -> int | None:
    """Hold a lock file and return its descriptor, or None when somebody else holds it.

    The kernel frees it when the last process with the descriptor dies, so a lock never outlives its worker. Raises
    ``FileNotFoundError`` when its folder is not there: what was deleted is not made again by who asks for it; and, as all that
    lock, ``UserError`` where the disk cannot lock files.
    """
    return _try_to_lock(path, fcntl.LOCK_EX)


def is_held(path: Path) -> bool:
    """Whether some process holds a lock file, rather than looks at it at the same moment; none does without its folder."""
    try:
        descriptor = _try_to_lock(path, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _try_to_lock(path: Path, kind: int) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        _flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except UserError:
        os.close(descriptor)
        raise
    return descriptor


def _flock(descriptor: int, kind: int) -> None:
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        raise
    except OSError as error:
        raise UserError(
            f"The disk of GENMODELS_HOME cannot lock files ({error.strerror}): mount it with locks, or choose a folder on another."
        ) from error


@contextmanager
def waiting_lock(path: Path) -> Iterator[None]:
    """Hold a lock file for the block, after waiting for whoever holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        _flock(file.fileno(), fcntl.LOCK_EX)
        yield
