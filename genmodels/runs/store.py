"""The run store: one SQLite file that pages read and workers write, and one folder a run from which it can be rebuilt."""

import json
import math
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genmodels.checkpoints.start import Start
from genmodels.config import families
from genmodels.data.folder_check import drop_caches
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.language.stored import stored
from genmodels.runs.adoption import Adopting
from genmodels.runs.database import QUOTED, StoreError, again_after_rebuild, insert, insert_rows, plain_values, run_of
from genmodels.runs.run import ALIVE, CONFIG, EVALUATION, Run, tidy, write_copy
from genmodels.storage.callbacks import Level
from genmodels.storage.files import remove, waiting_lock, write_text
from genmodels.storage.paths import home
from genmodels.storage.printable import printable

if TYPE_CHECKING:  # it takes as long to load as all the rest of a first page
    import pandas as pd

DELETED = ".deleted-"  # what the folder of a run that is being deleted is called before its id


class Store(Adopting):
    """Opens the store of ``root`` (``home()`` by default), making or rebuilding it when it is not there or damaged."""

    def __init__(self, root: Path | None = None) -> None:
        super().__init__(root or home())
        with suppress(StoreError):  # a full disk, which one may look at: they go when the store is opened next
            for left in self.runs_folder.glob(f"{DELETED}*"):  # by a process that was killed while deleting
                with self._connection() as connection:
                    _forget(connection, left.name.removeprefix(DELETED))
                    if self.folder(left.name.removeprefix(DELETED)).exists():  # it has been imported again
                        connection.rollback()
                shutil.rmtree(left, ignore_errors=True)

    # Runs

    def create(
        self,
        config: dict[str, Any],
        name: str = "",
        command: str = "",
        owner: str = "",
        start: Start | None = None,
        group: str = "",
    ) -> Run:
        """Make a folder and a row for a new run, in state "queued", which begins with the weights of ``start`` if given; ``group``: as
        ``groups.new_group`` gives it."""
        now = time.time()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        run_id = f"{config['family']}-{stamp}-{secrets.token_hex(4)}"
        label = name or families.parse(config).default_name
        parent = start.run if start else ""
        place = self.last_place()
        run = Run(run_id, label, config, command, now, queued=place, owner=owner, parent=parent, group=group)
        self.folder(run.id).mkdir()
        try:
            if start:
                start.copy(self.folder(run.id))
            write_text(self.folder(run.id) / CONFIG, json.dumps(config, indent=2))
            self._add(run)
        except (OSError, StoreError):
            shutil.rmtree(self.folder(run.id), ignore_errors=True)
            raise
        self.save_copy(run.id)
        return run

    @again_after_rebuild
    def _add(self, run: Run) -> None:
        with self._connection() as connection:
            insert(connection, run)

    def get(self, run: str) -> Run | None:
        """One run, or None when there is no such run."""
        found = self._select("WHERE id = ?", printable(run))  # for it may come from a shell
        return found[0] if found else None

    def get_many(self, ids: Iterable[str]) -> list[Run]:
        """The runs of these ids, in this order, without those that are no longer there."""
        return [run for run in map(self.get, ids) if run is not None]

    def runs(self) -> list[Run]:
        """All runs, newest first."""
        return self._select("ORDER BY created DESC, id DESC")

    def in_group(self, group: str) -> list[Run]:
        """The runs of a group, whoever owns them, in the order in which they were started."""
        return self._select('WHERE "group" = ? ORDER BY created, id', group)

    @again_after_rebuild
    def last_place(self) -> float:
        """The time to be queued at: now, or after all others where the clock has been set back since."""
        with self._connection() as connection:
            (last,) = connection.execute("SELECT max(queued) FROM runs WHERE state IN (?, ?)", ALIVE).fetchone()
        return max(time.time(), math.nextafter(last or 0.0, math.inf))

    def alive(self) -> list[Run]:
        """Queued and running ones, in the order in which they get their turn."""
        return self._select("WHERE state IN (?, ?) ORDER BY queued, id", *ALIVE)

    @again_after_rebuild
    def _select(self, clause: str, *values: Any) -> list[Run]:
        with self._connection() as connection:
            rows = connection.execute(f"SELECT {QUOTED} FROM runs {clause}", values).fetchall()
        return [run_of(row) for row in rows]

    def update(self, run: str, **values: Any) -> None:
        """Set columns of a run."""
        self._update(run, values, "")

    def update_alive(self, run: str, **values: Any) -> bool:
        """Set columns of a run if it is still queued or running; whether it was."""
        return self._update(run, values, f" AND state IN {ALIVE}")

    @again_after_rebuild
    def _update(self, run: str, values: dict[str, Any], condition: str) -> bool:
        assignments = ", ".join(f'"{column}" = :{column}' for column in values)
        plain = plain_values(values)
        with self._connection() as connection:
            cursor = connection.execute(
                f"UPDATE runs SET {assignments} WHERE id = :_run{condition}", plain | {"_run": run}
            )
        return cursor.rowcount > 0

    def describe(self, run: str, **values: Any) -> None:
        """Set what the user says of a run: ``name``, ``note``, ``pinned``, ``tags``; in its folder's copy too."""
        self.update(run, **values | ({"tags": tidy(values["tags"])} if "tags" in values else {}))
        self.save_copy(run)

    def delete(self, run: str) -> None:
        """Remove a run and its folder for good, with what the cache has of images of its own where no other run needs it.

        Raises ``UserError`` while it is under way, and where the store cannot be written to, though the files are gone: its row
        goes when it is deleted again, or a store is opened next.
        """
        row = self.get(run)
        if row is not None and row.alive:
            raise UserError(N_("{name} is under way: stop it first, then delete it.", name=row.name))
        # A rebuild finds the folder whole or not at all; what a kill leaves goes when a store is opened next.
        aside = self.runs_folder / f"{DELETED}{run}"
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(FileNotFoundError):
            self.folder(run).rename(aside)
            # Before its rows: on a full disk these cannot be deleted until there is space.
            for path in aside.iterdir():
                remove(path)
        drop_caches(self.root, [other.config for other in self.runs() if other.id != run])
        try:
            self._forget_row(run)
        except StoreError as error:
            raise UserError(
                N_(
                    "The files of {run} are deleted, but the store still lists it, since it cannot be written to: free "
                    "some space, or wait until no other program keeps it to itself, then delete the run again.",
                    run=row.name if row else run,
                )
            ) from error
        shutil.rmtree(aside, ignore_errors=True)

    @again_after_rebuild
    def _forget_row(self, run: str) -> None:
        with self._connection() as connection:
            _forget(connection, run)

    # Metrics and events

    @again_after_rebuild
    def add_metrics(
        self, run: str, step: int, epoch: float, values: dict[str, float], seconds: float | None = None
    ) -> None:
        """Add one row a name at ``step``, after so many ``seconds`` of training; a row that is there already is replaced."""
        with self._connection() as connection:
            insert_rows(connection, run, [(name, step, epoch, value, seconds) for name, value in values.items()])

    @again_after_rebuild
    def metrics(self, run: str, after: int = 0) -> "pd.DataFrame":
        """Rows (id, name, step, epoch, value) of a run in the order they came, those with an id above ``after``."""
        query = "SELECT id, name, step, epoch, value FROM metrics WHERE run = ? AND id > ? ORDER BY id"
        with self._connection() as connection:
            return _frame(connection, query, (run, after))

    def with_new_metrics(self, run: str, known: "pd.DataFrame | None") -> "pd.DataFrame":
        """All rows of a run as ``metrics``, of which only those are read that came after the ``known`` ones."""
        if known is None or known.empty:
            return self.metrics(run)
        import pandas as pd

        new = self.metrics(run, after=int(known["id"].iloc[-1]))
        return pd.concat([known, new]) if len(new) else known

    @again_after_rebuild
    def last_metrics(self, run: str) -> dict[str, float]:
        """The newest value of each curve."""
        query = "SELECT name, value, max(step) FROM metrics WHERE run = ? GROUP BY name"
        with self._connection() as connection:
            return {row["name"]: _number(row["value"]) for row in connection.execute(query, (run,))}

    @again_after_rebuild
    def last_values(self, names: Sequence[str]) -> dict[str, dict[str, float]]:
        """The newest value of each of the curves ``names`` in every run that has it, as run -> name -> value.

        One look into an index for each, however long the curves are.
        """
        query = f"""
            WITH names (name) AS (VALUES {", ".join(["(?)"] * len(names))})
            SELECT runs.id, names.name, (
                SELECT value FROM metrics WHERE run = runs.id AND name = names.name ORDER BY step DESC LIMIT 1
            ) AS value FROM runs, names
        """
        found: dict[str, dict[str, float]] = {}
        with self._connection() as connection:
            for row in connection.execute(query, list(names)) if names else ():
                if row["value"] is not None:
                    found.setdefault(row["id"], {})[row["name"]] = row["value"]
        return found

    @again_after_rebuild
    def curves(self, names: Sequence[str], runs: Sequence[str]) -> "pd.DataFrame":
        """Rows (run, name, step, epoch, seconds, value) of some curves of several runs, in the order in which they came.

        ``seconds`` have been trained by then; NaN in what earlier versions have written.
        """
        of_names, of_runs = (", ".join("?" * len(wanted)) for wanted in (names, runs))
        query = f"""
            SELECT run, name, step, epoch, seconds, value FROM metrics
            WHERE run IN ({of_runs}) AND name IN ({of_names}) ORDER BY id
        """
        with self._connection() as connection:
            return _frame(connection, query, (*runs, *names)).astype({"seconds": float})

    @again_after_rebuild
    def drop_metrics_after(self, run: str, step: int) -> None:
        """Forget what came after ``step``, before a resumed run writes it again, and what an evaluation said of weights that it trains
        on."""
        with self._connection() as connection:
            of_evaluations = f"name LIKE '{EVALUATION}/%'"
            connection.execute(f"DELETE FROM metrics WHERE run = ? AND (step > ? OR {of_evaluations})", (run, step))

    @again_after_rebuild
    def add_event(self, run: str, text: str, level: Level = "info") -> None:
        """Note something that happened to a run, as one sentence for its page; a ``Message`` can be told in any language later."""
        event = (run, time.time(), level, printable(text), stored(text))
        with self._connection() as connection:
            connection.execute("INSERT INTO events (run, time, level, text, message) VALUES (?, ?, ?, ?, ?)", event)

    @again_after_rebuild
    def events(self, run: str) -> list[dict[str, Any]]:
        """Events (time, level, text, message) of a run, oldest first."""
        query = "SELECT time, level, text, message FROM events WHERE run = ? ORDER BY id"
        with self._connection() as connection:
            return [dict(row) for row in connection.execute(query, (run,))]

    # The copy in the run's folder

    def save_copy(self, run: str) -> None:
        """Write the run's row, events and metrics into its folder, so that the folder alone can bring it back."""
        if self.get(run) is None:
            return
        # The last to write has read last: a page that renames a run while its worker saves is not undone.
        with waiting_lock(self.folder(run) / "copy.lock"):
            row = self.get(run)
            if row is not None:
                write_copy(self.folder(run), row, self.events(run), self._rows(run))

    @again_after_rebuild
    def _rows(self, run: str) -> list[sqlite3.Row]:
        """As ``metrics``, without the ids, and without pandas: whoever only trains does not load it for each checkpoint."""
        query = "SELECT name, step, epoch, value, seconds FROM metrics WHERE run = ? ORDER BY id"
        with self._connection() as connection:
            return connection.execute(query, (run,)).fetchall()


def _frame(connection: sqlite3.Connection, query: str, values: tuple) -> "pd.DataFrame":
    import pandas as pd

    try:
        return pd.read_sql_query(query, connection, params=values, dtype={"value": float})
    except pd.errors.DatabaseError as error:  # around SQLite's own, by which the store knows what is wrong
        raise error.__cause__ or error from None


def _forget(connection: sqlite3.Connection, run: str) -> None:
    for table, column in (("metrics", "run"), ("events", "run"), ("runs", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (run,))


def _number(value: float | None) -> float:
    return math.nan if value is None else value  # SQLite keeps NaN as NULL
