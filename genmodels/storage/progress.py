"""How far something long is, for whoever waits for it: on a bar, of which a terminal has one kind and a page another.

What takes long tells it by ``following`` or ``watched``, and need not know who waits, or whether anybody does.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeVar

from genmodels.language import N_

DELAY = 2.0  # seconds that nobody minds to wait without a word

Advance = Callable[[int], object]  # takes how many more are done
# Takes what is done, how many there are and what they are called, and gives what is told of each that is done.
Bar = Callable[[str, int, str], AbstractContextManager[Advance]]
_BAR: ContextVar[Bar | None] = ContextVar("bar", default=None)

Part = TypeVar("Part", bound=Sized)


@contextmanager
def shown_by(bar: Bar) -> Iterator[None]:
    """For a block in which ``bar`` shows how far things are."""
    before = _BAR.set(bar)
    try:
        yield
    finally:
        _BAR.reset(before)


def shown_on_stderr() -> AbstractContextManager[None]:
    """For a block in which stderr is told how far things are, and how long they will yet take."""
    return shown_by(_at_terminal)


@contextmanager
def _at_terminal(what: str, total: int, unit: str) -> Iterator[Advance]:
    from tqdm import tqdm

    with tqdm(total=total, desc=what, unit=f" {unit}", delay=DELAY, file=sys.stderr) as bar:
        yield bar.update


def watched(what: str, total: int, unit: str = N_("images")) -> AbstractContextManager[Advance]:
    """For a block that does so many; it calls what it is given with each number of them that is done."""
    bar = _BAR.get()
    return bar(what, total, unit) if bar else nullcontext(lambda done: None)


def following(parts: Iterable[Part], total: int, what: str) -> Iterator[Part]:
    """``parts``, of ``total`` images together, and ``what`` is done with them while they are taken."""
    with watched(what, total) as advance:
        for part in parts:
            yield part
            advance(len(part))
