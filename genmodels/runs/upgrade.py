"""What a store of an earlier version lacks."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from genmodels.data.folder_check import elsewhere
from genmodels.runs.earlier_groups import group_by_name
from genmodels.runs.run import LOCK, RUN, rewrite_copy

VERSION = 1  # SQLite's ``user_version`` of a store that lacks nothing
ADDED_COLUMNS = {  # since the first version, by table and name
    ("runs", "note"): "TEXT NOT NULL DEFAULT ''",
    ("runs", "pinned"): "INTEGER NOT NULL DEFAULT 0",
    ("runs", "health"): "TEXT NOT NULL DEFAULT ''",
    ("runs", "owner"): "TEXT NOT NULL DEFAULT ''",
    ("runs", "locks"): "TEXT NOT NULL DEFAULT '[]'",
    ("runs", "tags"): "TEXT NOT NULL DEFAULT '[]'",
    ("metrics", "seconds"): "REAL",
    ("runs", "parent"): "TEXT NOT NULL DEFAULT ''",
    ("runs", "until"): "REAL NOT NULL DEFAULT 0",
    ("events", "message"): "TEXT NOT NULL DEFAULT ''",
    ("runs", "group"): "TEXT NOT NULL DEFAULT ''",
}


def is_current(connection: sqlite3.Connection) -> bool:
    """Whether this version has made the store, or brought it up to date."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return version >= VERSION and not _lacking(connection)


def bring_up_to_date(connection: sqlite3.Connection, runs_folder: Path) -> None:
    """Add the columns that are lacking, find the groups of runs where nothing knew of any, and part imported runs from the folders
    whose paths they brought."""
    lacking = _lacking(connection)
    for table, column in lacking:
        connection.execute(f'ALTER TABLE {table} ADD COLUMN "{column}" {ADDED_COLUMNS[table, column]}')
    for run, name, text in connection.execute("SELECT id, name, config FROM runs").fetchall():
        config = json.loads(text)
        # Once: what somebody calls a run from now on does not bring it into a group, nor out of one.
        if ("runs", "group") in lacking and (group := group_by_name(name, config.get("family", ""))):
            connection.execute('UPDATE runs SET "group" = ? WHERE id = ?', (group, run))
        if _brought_a_path(runs_folder / run, config):
            parted = config | {"folder": elsewhere(config["folder"])}
            if (runs_folder / run / RUN).is_file():
                rewrite_copy(runs_folder / run, parted)
            connection.execute("UPDATE runs SET config = ? WHERE id = ?", (json.dumps(parted), run))
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _lacking(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """The columns, each after its table, that came after the store's version."""
    there = {
        (table, row["name"])
        for table in {table for table, _ in ADDED_COLUMNS}
        for row in connection.execute(f"PRAGMA table_info({table})")
    }
    return [column for column in ADDED_COLUMNS if column not in there]


def _brought_a_path(folder: Path, config: dict[str, Any]) -> bool:
    """Whether the folder of images was named on another machine: no worker of this one has held the run's lock, which is in no
    zip."""
    named: str = config.get("folder", "")
    return bool(named) and elsewhere(named) != named and not (folder / LOCK).exists()
