"""How SQLite keeps the store whole: by a write-ahead log on a disk of this machine, by a rollback journal over a network.

With the log, those who have the file open share memory, which no other host sees (https://sqlite.org/wal.html, section 1).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

WRITE_VERSION = (
    18  # the byte of the header that is 2 where there is such a log (https://sqlite.org/fileformat.html, 1.3.3)
)


def has_log(path: Path) -> bool:
    """Whether the file is to be written with a write-ahead log; known without opening it as a database, which would use it."""
    try:
        with path.open("rb") as file:
            return file.read(WRITE_VERSION + 1)[WRITE_VERSION:] == b"\x02"
    except OSError:  # not there, or a folder in its place
        return False


def leave_log(path: Path, patience: float) -> bool:
    """Have the file written with a rollback journal; whether that could be done within ``patience`` seconds.

    Raises ``sqlite3.DatabaseError`` for what is no database.
    """
    with closing(sqlite3.connect(path, timeout=patience)) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # alone with the file, SQLite needs no memory to share
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:  # somebody has it open
            return False
    return mode == "delete"
