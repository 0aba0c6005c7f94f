"""The rows of the runs that anybody looks at, read once for all visitors."""

import threading

import pandas as pd
from cachetools import LRUCache

from genmodels.runs.run import CONFIG, Run
from genmodels.ui.session import get_store

MOST_BYTES = 2**28  # kept in memory


class Rows:
    """Those that were read so far, by run; safe to use from any thread."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._guard = threading.Lock()
        self._known: LRUCache = LRUCache(most, lambda found: int(found[1].memory_usage(deep=True).sum()))

    def of(self, run: Run) -> pd.DataFrame:
        """All rows of a run, to be read alone; only those that are new since anybody's last look are read from the store."""
        stamp = self._stamp(run)
        with self._guard:
            before, known = self._known.get(run.id, (None, None))
        rows = get_store().with_new_metrics(run.id, known if before == stamp else None)
        if before != stamp or rows is not known:
            with self._guard:
                self._known.pop(run.id, None)
                if self._known.getsizeof((stamp, rows)) <= self._known.maxsize:
                    self._known[run.id] = (stamp, rows)
        return rows

    def _stamp(self, run: Run) -> tuple[int, int]:
        """Changes when rows were dropped: a resumed run drops those past its checkpoint, and one may be deleted and imported anew."""
        try:
            return run.attempt, (get_store().folder(run.id) / CONFIG).stat().st_mtime_ns
        except FileNotFoundError:
            return run.attempt, 0


rows_of = Rows().of
