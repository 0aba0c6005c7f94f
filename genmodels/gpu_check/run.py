"""One point after the other, as long as there is time; whatever one of them raises is a row, and the others go on."""

import logging
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import NoReturn

import torch

from genmodels.gpu_check import card
from genmodels.gpu_check.points import Point
from genmodels.gpu_check.row import Row, Skipped
from genmodels.gpu_check.session import Session

LOG = logging.getLogger(__name__)


class OutOfTime(BaseException):
    """The time for the whole check is over; no ``Exception``, of which a training makes something of its own."""


def check(session: Session, points: Mapping[str, Point], until: float) -> Iterator[tuple[str, Row]]:
    """The rows of each point with its name; ``until``: when all must be done, as ``time.monotonic`` tells it.

    A point that may take longer than is left is skipped, and one that does is cut off.
    """
    for name, point in points.items():
        left, needed = until - time.monotonic(), 0.0 if session.quick else point.seconds
        if left <= needed:
            yield name, Row(point.about, skipped="no time")
        else:
            yield from ((name, row) for row in _rows(session, point, left))


def _rows(session: Session, point: Point, left: float) -> list[Row]:
    found: list[Row] = []
    try:
        with _deadline(left):
            card.tidy(session.device)
            for row in resolve_name(f"{__package__}.{point.function}")(session, *point.arguments):
                found.append(row)
    except Skipped as error:
        found.append(Row(point.about, skipped=str(error)))
    except OutOfTime:
        found.append(Row(point.about, failed=f"it was not done in the {left:.0f} seconds that were left"))
    except Exception as error:  # whatever a card, its driver or a compiler can raise
        LOG.debug(point.about, exc_info=True)
        first_line = str(error).strip().partition("\n")[0]
        found.append(Row(point.about, failed=f"{type(error).__name__}: {first_line}"))
    finally:
        torch.use_deterministic_algorithms(False)  # as a run sets it for its whole process
    return found


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raises ``OutOfTime`` within the block when so much time has passed."""

    def over(number: int, frame: object) -> NoReturn:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
