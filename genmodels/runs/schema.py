"""The tables of the run store, and what a store of an earlier version lacks."""

import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, name TEXT, config TEXT, command TEXT, created REAL,
    state TEXT, attempt INTEGER, queued REAL, stop_requested INTEGER, pid INTEGER, device TEXT, environment TEXT, error TEXT,
    step INTEGER, total_steps INTEGER, epoch REAL, images_per_second REAL, seconds REAL,
    note TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0,
    health TEXT NOT NULL DEFAULT '', owner TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY, run TEXT, name TEXT, step INTEGER, epoch REAL, value REAL, UNIQUE (run, name, step)
);
CREATE INDEX IF NOT EXISTS metrics_by_run ON metrics (run);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, run TEXT, time REAL, level TEXT, text TEXT);
CREATE INDEX IF NOT EXISTS events_by_run ON events (run);
"""
ADDED_COLUMNS = {  # since the first version
    "note": "TEXT NOT NULL DEFAULT ''",
    "pinned": "INTEGER NOT NULL DEFAULT 0",
    "health": "TEXT NOT NULL DEFAULT ''",
    "owner": "TEXT NOT NULL DEFAULT ''",
}


def lacking(connection: sqlite3.Connection) -> list[str]:
    """The columns of ``runs`` that came after the store's version."""
    there = {row["name"] for row in connection.execute("PRAGMA table_info(runs)")}
    return [column for column in ADDED_COLUMNS if column not in there]


def upgrade(connection: sqlite3.Connection) -> None:
    """Add what is lacking; nothing that is there is touched."""
    for column in lacking(connection):
        connection.execute(f"ALTER TABLE runs ADD COLUMN {column} {ADDED_COLUMNS[column]}")
