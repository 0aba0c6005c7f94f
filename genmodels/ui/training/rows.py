"""The rows of the runs that anybody looks at, read once for all visitors."""

import threading
import time
from collections.abc import Callable

import pandas as pd
from cachetools import LRUCache

from genmodels.runs.run import CONFIG, Run
from genmodels.ui.session import get_store

MOST_BYTES = 2**28  # kept in memory
FRESH = 0.5  # seconds in which what was read of a run under way does for all viewers


class Rows:
    """Those that were read so far, by run; safe to use from any thread."""

    def __init__(self, most: int = MOST_BYTES, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._guard = threading.Lock()
        self._known: LRUCache = LRUCache(most, lambda found: int(found[1].memory_usage(deep=True).sum()))

    def of(self, run: Run) -> pd.DataFrame:
        """All rows of a run, to be read alone; only those that are new since anybody's last look are read from the store; of a
        run under way not more than twice a second, however many look."""
        stamp = self._stamp(run)
        with self._guard:
            before, known, at = self._known.get(run.id, (None, None, 0.0))
        if run.alive and before == stamp and self._now() - at < FRESH:
            return known
        rows = get_store().with_new_metrics(run.id, known if before == stamp else None)
        if before != stamp or rows is not known:
            entry = (stamp, rows, self._now())
            with self._guard:
                self._known.pop(run.id, None)
                if self._known.getsizeof(entry) <= self._known.maxsize:
                    self._known[run.id] = entry
        return rows

    def _stamp(self, run: Run) -> tuple[int, int]:
        """Changes when rows were dropped: a resumed run drops those past its checkpoint, and one may be deleted and imported anew."""
        try:
            return run.attempt, (get_store().folder(run.id) / CONFIG).stat().st_mtime_ns
        except FileNotFoundError:
            return run.attempt, 0


rows_of = Rows().of
