"""Files made of others, kept until those change: under ``GENMODELS_HOME``, in ``cache``. Free of torch."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from genmodels.storage.files import remove
from genmodels.storage.paths import home

CHUNK = 1000  # images at a time: what a crash costs
TOLD_EVERY = 20_000  # images

Source = TypeVar("Source")
Made = TypeVar("Made")


def cache_file(kind: str, purpose: list, content: list, suffix: str) -> Path:
    """Where the file of this ``kind`` is that serves ``purpose`` and is made of ``content``; what was made for the purpose of
    other content is removed. Both are lists of plain values."""
    prefix = _prefix(kind, purpose)
    path = home() / "cache" / f"{prefix}-{_digest(content)}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f"{prefix}-*"):
        if not old.name.startswith(path.stem):
            old.unlink(missing_ok=True)
    return path


def drop_others(root: Path, kinds: Iterable[str], purposes: Iterable[tuple[str, list]]) -> None:
    """Remove from the cache in ``root`` the files of these ``kinds`` that serve none of the ``purposes``, each with its kind."""
    kept = {_prefix(kind, purpose) for kind, purpose in purposes}
    for kind in kinds:
        for path in (root / "cache").glob(f"{kind}-*"):
            if path.name.rpartition("-")[0] not in kept:
                remove(path)


def in_chunks(
    make: Callable[[Source], Made], sources: Sequence[Source], tell: Callable[[int], Any], done: int = 0
) -> Iterator[list[Made]]:
    """What is made of each of ``sources`` but the first ``done``, ``CHUNK`` at a time, by several threads.

    ``tell`` hears now and then how many are done.
    """
    with ThreadPoolExecutor() as pool:
        for first in range(done, len(sources), CHUNK):
            chunk = sources[first : first + CHUNK]
            yield list(pool.map(make, chunk))
            reached = first + len(chunk)
            if reached // TOLD_EVERY > first // TOLD_EVERY and reached < len(sources):
                tell(reached)


def _prefix(kind: str, purpose: list) -> str:
    return f"{kind}-{_digest(purpose)}"


def _digest(values: list) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
