"""The file that the run store is kept in: its tables, opened for one transaction at a time, and made anew from the runs' folders when it is damaged."""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, fields
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs import journal, upgrade
from genmodels.runs.run import Event, Row, Run, read_copy, read_metrics
from genmodels.storage.disk import is_local
from genmodels.storage.files import waiting_lock
from genmodels.storage.printable import printable

Asked = ParamSpec("Asked")
Told = TypeVar("Told")
Self = TypeVar("Self", bound="Database")

COLUMNS = [field.name for field in fields(Run)]
QUOTED = ", ".join(f'"{column}"' for column in COLUMNS)  # "group" is a word of SQL
JSON_COLUMNS, BOOL_COLUMNS = {"config", "environment", "tags", "locks"}, {"stop_requested", "pinned"}
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, name TEXT, config TEXT, command TEXT, created REAL,
    state TEXT, attempt INTEGER, queued REAL, stop_requested INTEGER, pid INTEGER, device TEXT, environment TEXT, error TEXT,
    step INTEGER, total_steps INTEGER, epoch REAL, images_per_second REAL, seconds REAL,
    note TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0,
    health TEXT NOT NULL DEFAULT '', owner TEXT NOT NULL DEFAULT '', locks TEXT NOT NULL DEFAULT '[]',
    tags TEXT NOT NULL DEFAULT '[]',
    parent TEXT NOT NULL DEFAULT '', until REAL NOT NULL DEFAULT 0,
    "group" TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY, run TEXT, name TEXT, step INTEGER, epoch REAL, value REAL, seconds REAL, UNIQUE (run, name, step)
);
CREATE INDEX IF NOT EXISTS metrics_by_run ON metrics (run);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, run TEXT, time REAL, level TEXT, text TEXT,
    message TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS events_by_run ON events (run);
"""
DAMAGED = "store.damaged-"  # what a damaged file is called before the time


class StoreError(UserError):
    """The store cannot be used now; nothing of what was asked has been done."""


class DamageError(StoreError):
    """The store was damaged; it has been rebuilt, and is there to be asked again."""


def again_after_rebuild(ask: Callable[Concatenate[Self, Asked], Told]) -> Callable[Concatenate[Self, Asked], Told]:
    """``ask``, a transaction, again where it found the store damaged, which has been rebuilt."""

    @wraps(ask)
    def asking(store: Self, *arguments: Asked.args, **options: Asked.kwargs) -> Told:
        try:
            return ask(store, *arguments, **options)
        except DamageError:
            return ask(store, *arguments, **options)

    return asking


class Database:
    """The file in ``root``, which is made or rebuilt when it is not there or damaged."""

    patience = 10.0  # seconds to wait while others write

    def __init__(self, root: Path) -> None:
        self.root, self.is_local = root, is_local(root)
        self.runs_folder = root / "runs"
        self.path = root / "store.sqlite"
        try:
            self.runs_folder.mkdir(parents=True, exist_ok=True)
            (root / "locks").mkdir(exist_ok=True)
        except OSError as error:
            raise _unusable(error.strerror or str(error)) from error
        self._mend()
        self._bring_up_to_date()

    def folder(self, run: str) -> Path:
        """The folder of a run: config, checkpoints, pictures, log, and a copy of its rows."""
        return self.runs_folder / run

    def _bring_up_to_date(self) -> None:
        with self._connection() as connection:
            if upgrade.is_current(connection):
                return
        with waiting_lock(self.root / "locks" / "store.lock"), self._connection() as connection:
            upgrade.bring_up_to_date(connection, self.runs_folder)

    def _mend(self, *, thoroughly: bool = False) -> None:
        if not self._is_whole(thoroughly):
            with waiting_lock(self.root / "locks" / "store.lock"):
                if not self._is_whole(thoroughly):  # else somebody has rebuilt it in the meantime
                    try:
                        self._rebuild()
                    except sqlite3.OperationalError as error:
                        raise _explained(error) from error

    def _is_whole(self, thoroughly: bool) -> bool:
        if not self.path.is_file():
            return False
        try:
            with closing(self._open()) as connection:
                there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'runs'").fetchone() is not None
                return there and (
                    not thoroughly or connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
                )
        except sqlite3.OperationalError as error:  # busy or not readable, which says nothing about what is in it
            raise _explained(error) from error
        except sqlite3.DatabaseError:
            return False

    def _rebuild(self) -> None:
        """Make the store from the runs' folders, whole before anybody sees it; a damaged one is moved to ``store.damaged-TIME``."""
        new = self.root / ".store-rebuilding.sqlite"
        aside = self.root / f"{DAMAGED}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}.sqlite"
        for ending in ("", "-wal", "-shm"):
            Path(f"{new}{ending}").unlink(missing_ok=True)
        with closing(_open(new, self.patience)) as connection:
            if self.is_local:
                connection.execute("PRAGMA journal_mode = WAL")  # or, where it cannot be had, as before
            connection.executescript(SCHEMA)
            for file in sorted(self.runs_folder.glob("[!.]*/run.json")):
                # One folder that is cut short, or a copy of another, must not hide the others; it stays where it is.
                with suppress(OSError, ValueError, KeyError, TypeError, sqlite3.IntegrityError), connection:
                    insert_copy(connection, file.parent)
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{ending}").rename(f"{aside}{ending}")
        new.rename(self.path)

    def damaged(self) -> list[Path]:
        """What was found damaged, and has been replaced by what the runs' folders tell, oldest first."""
        return sorted(self.root.glob(f"{DAMAGED}*.sqlite"))

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction; short-lived, so that any thread and process may use the store.

        Raises ``StoreError``; a store that is damaged has been rebuilt then, see ``again_after_rebuild``.
        """
        try:
            with closing(self._open()) as connection, connection:
                yield connection
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            if not _is_damage(error) and self.path.is_file():
                raise _explained(error) from error
            self._mend(thoroughly=True)
            raise DamageError(N_("The run store was damaged, and has been rebuilt: try again.")) from error

    def _open(self) -> sqlite3.Connection:
        # Looked at every time: to the host that serves the disk it may be a disk of its own.
        if not self.is_local and journal.has_log(self.path) and not journal.leave_log(self.path, self.patience):
            raise StoreError(
                N_(
                    "The run store is on a network disk, but written in a way that is safe on one machine only, and in use: "
                    "stop all other programs that use it, then try again."
                )
            )
        return _open(self.path, self.patience)


def _open(path: Path, patience: float) -> sqlite3.Connection:
    """A connection; on a full disk one that can only look, since what it is asked to write fails."""
    try:
        return _connect(path, patience)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL):
            raise
        # What connections share in WAL mode is a file too. Without it, one must be alone with the store.
        return _connect(path, patience, "PRAGMA locking_mode = EXCLUSIVE")


def _connect(path: Path, patience: float, *statements: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=patience)
    connection.row_factory = sqlite3.Row
    try:
        for statement in (*statements, "PRAGMA synchronous = NORMAL"):
            connection.execute(statement)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_damage(error: sqlite3.Error) -> bool:
    damaged = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return damaged or str(error).startswith("no such table")  # SQLite puts an empty file in the place of a lost one


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _explained(error: sqlite3.Error) -> StoreError:
    if _is_busy(error):
        return StoreError(N_("Another program keeps the run store to itself: wait until it has ended, then try again."))
    return _unusable(str(error))


def _unusable(why: str) -> StoreError:
    return StoreError(
        N_(
            "The run store cannot be used ({why}): see that its disk has space and may be written to, then try again.",
            why=why,
        )
    )


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a run as SQLite takes them, which knows text of UTF-8 alone."""
    written = {key: json.dumps(value) if key in JSON_COLUMNS else value for key, value in values.items()}
    return {key: printable(value) if isinstance(value, str) else value for key, value in written.items()}


def run_of(row: sqlite3.Row) -> Run:
    """The run of a row of all ``QUOTED`` columns."""
    values = {key: json.loads(row[key]) if key in JSON_COLUMNS else row[key] for key in row.keys()}  # noqa: SIM118
    return Run(**values | {key: bool(values[key]) for key in BOOL_COLUMNS})


def insert(connection: sqlite3.Connection, run: Run) -> None:
    values = plain_values(asdict(run))
    names = ", ".join(f":{column}" for column in COLUMNS)
    connection.execute(f"INSERT INTO runs ({QUOTED}) VALUES ({names})", values)


def insert_copy(connection: sqlite3.Connection, folder: Path) -> Run:
    """Insert the run in ``folder``, with its events and rows; raises as ``read_copy`` does."""
    run, events = read_copy(folder)
    insert(connection, run)
    insert_events(connection, run.id, events)
    insert_rows(connection, run.id, read_metrics(folder))
    return run


def insert_events(connection: sqlite3.Connection, run: str, events: Iterable[Event]) -> None:
    connection.executemany(
        "INSERT INTO events (run, time, level, text, message) VALUES (?, ?, ?, ?, ?)",
        [(run, event.time, event.level, event.text, event.message) for event in events],
    )


def insert_rows(connection: sqlite3.Connection, run: str, rows: Iterable[Row]) -> None:
    """Rows of a run; one that is there already is replaced."""
    connection.executemany(
        "INSERT OR REPLACE INTO metrics (run, name, step, epoch, value, seconds) VALUES (?, ?, ?, ?, ?, ?)",
        ((run, *row) for row in rows),
    )
