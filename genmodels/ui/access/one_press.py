"""One start a press: the second click of a double click is answered with the run that the first one has started.

Streamlit stops a page's script for a waiting click wherever it next asks for something of the session, and meanwhile runs it anew in
another thread. So what a press has asked for is noted before its start begins, and the outcome beside it without asking the session.
"""

import math
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

ONE_PRESS_SECONDS = 2.0  # from the end of the last start on, for the second click waits as long as the first one takes


Started = TypeVar("Started")  # a run, or several that belong together


class Presses:
    """The starts of one visitor's last press, by what was asked for. One object for all threads that run the visitor's scripts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._starts: dict[Hashable, Future[Any]] = {}
        self._last = -math.inf

    def once(self, asked: Hashable, begin: Callable[[], Started], is_there: Callable[[Started], bool]) -> Started:
        """What ``begin`` starts, or that it has started for the same press, unless that is no longer there.

        Waits for a start under way in another thread. Raises what ``begin`` raises, for all who wait for it; whoever asks then
        begins anew.
        """
        with self._lock:
            if self._is_over():
                self._starts.clear()
            known = self._starts.get(asked)
            if known is not None and known.done() and not is_there(known.result()):
                known = None
            start = self._starts[asked] = known or Future()
        if known is None:
            self._begin(asked, start, begin)
        started: Started = start.result()
        with self._lock:
            self._last = time.monotonic()
        return started

    def _is_over(self) -> bool:
        under_way = any(not start.done() for start in self._starts.values())
        return not under_way and time.monotonic() - self._last > ONE_PRESS_SECONDS

    def _begin(self, asked: Hashable, start: Future[Any], begin: Callable[[], Any]) -> None:
        try:
            started = begin()
        except BaseException as error:
            with self._lock:
                del self._starts[asked]
            start.set_exception(error)
        else:
            with self._lock:
                self._last = time.monotonic()
                start.set_result(started)
