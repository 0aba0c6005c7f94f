"""Runs brought into the store from their folders, in short transactions, so that nobody who trains has to wait for long."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from genmodels.language import N_
from genmodels.runs.database import Database, StoreError, insert, insert_events, insert_rows
from genmodels.runs.run import Run, read_copy, read_metrics

ROWS_AT_ONCE = 2_000  # in one transaction: some 10 ms


class Adopting(Database):
    """A database that takes in runs; one at a time."""

    def adopt(self, folder: Path) -> Run:
        """Bring back a run from its folder, which is moved to its place; one that was under way becomes "interrupted".

        The rows come first, and belong to nothing before the run itself is there. Raises ``StoreError`` when it is here already,
        and what ``read_copy`` raises.
        """
        run, events = read_copy(folder)
        with self._connection() as connection:
            if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run.id,)).fetchone():
                raise StoreError(N_("This run is here already: to bring it back anew, delete that one first."))
        try:
            rows = read_metrics(folder)
            while some := list(islice(rows, ROWS_AT_ONCE)):
                with self._sparing() as connection:
                    insert_rows(connection, run.id, some)
            with self._connection() as connection:
                insert(connection, run)
                insert_events(connection, run.id, events)
                if folder != self.folder(run.id):
                    folder.rename(self.folder(run.id))
        except BaseException:
            self.forget_rows(run.id)
            raise
        return run

    def forget_rows(self, run: str) -> None:
        """Remove the rows that were brought in for a run which has not arrived."""
        some = "SELECT id FROM metrics WHERE run = ? LIMIT ?"
        gone = ROWS_AT_ONCE
        while gone == ROWS_AT_ONCE:
            with self._sparing() as connection:
                gone = connection.execute(f"DELETE FROM metrics WHERE id IN ({some})", (run, ROWS_AT_ONCE)).rowcount

    @contextmanager
    def _sparing(self) -> Iterator[sqlite3.Connection]:
        """As ``_connection``, one of many: others can write for as long afterwards, who do not queue but look now and then."""
        began = time.monotonic()
        with self._connection() as connection:
            yield connection
        time.sleep(time.monotonic() - began)
