"""How far a measurement is, for whoever waits for it at a terminal; silent within the app, which has its own ways."""

import sys
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from tqdm import tqdm

DELAY = 2.0  # seconds that nobody minds to wait without a word
_SHOWN = ContextVar("shown_on_stderr", default=False)

Part = TypeVar("Part", bound=Sized)


@contextmanager
def shown_on_stderr() -> Iterator[None]:
    """For a block whose measurements are to say on stderr how far they are and how long they will yet take."""
    before = _SHOWN.set(True)
    try:
        yield
    finally:
        _SHOWN.reset(before)


def following(parts: Iterable[Part], total: int, what: str) -> Iterator[Part]:
    """``parts``, of ``total`` images together, and ``what`` is done with them while they are taken."""
    with tqdm(total=total, desc=what, unit=" images", delay=DELAY, disable=not _SHOWN.get(), file=sys.stderr) as bar:
        for part in parts:
            yield part
            bar.update(len(part))
