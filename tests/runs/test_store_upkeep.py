"""The run store over the years: an earlier version's, names and notes, and curves of many runs at once."""

import json
import math
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from genmodels.runs.run import LONGEST_TAG, MOST_TAGS
from genmodels.runs.store import Run, Store
from tests.runs.test_store import CONFIG, rows, trained

FIRST_SCHEMA = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, name TEXT, config TEXT, command TEXT, created REAL,
    state TEXT, attempt INTEGER, queued REAL, stop_requested INTEGER, pid INTEGER, device TEXT, environment TEXT, error TEXT,
    step INTEGER, total_steps INTEGER, epoch REAL, images_per_second REAL, seconds REAL
);
CREATE TABLE metrics (
    id INTEGER PRIMARY KEY, run TEXT, name TEXT, step INTEGER, epoch REAL, value REAL, UNIQUE (run, name, step)
);
CREATE INDEX metrics_by_run ON metrics (run);
CREATE TABLE events (id INTEGER PRIMARY KEY, run TEXT, time REAL, level TEXT, text TEXT);
CREATE INDEX events_by_run ON events (run);
"""


# A store of an earlier version


def of_the_first_version(store: Store) -> None:
    """Make ``store``'s file, and the copies in the folders, what the first version would have written."""
    old = store.path.with_name("old.sqlite")
    with sqlite3.connect(old) as connection:
        connection.executescript(FIRST_SCHEMA)
        connection.execute("ATTACH ? AS new", (str(store.path),))
        for table in ("runs", "metrics", "events"):
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM new.{table}")
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{store.path}{ending}").unlink(missing_ok=True)
    old.rename(store.path)
    for path in store.runs_folder.glob("*/run.json"):
        document = json.loads(path.read_text())
        del document["note"], document["pinned"], document["tags"], document["group"]
        path.write_text(json.dumps(document))


def test_an_earlier_store_is_upgraded_in_place_with_nothing_lost():
    store = Store()
    runs = [trained(store) for _ in range(3)]
    before = [(rows(store, run), store.events(run.id)) for run in runs]
    of_the_first_version(store)
    again = Store()
    assert [again.get(run.id) for run in runs] == runs
    for run, (curves, events) in zip(runs, before, strict=True):
        assert rows(again, run).equals(curves)
        assert again.events(run.id) == events
    again.describe(runs[0].id, note="kept", pinned=True)
    found = Store().get(runs[0].id)
    assert found is not None
    assert (found.note, found.pinned) == ("kept", True)
    assert list(again.root.glob("store.damaged-*")) == []


def test_several_that_find_an_earlier_store_upgrade_it_once():
    store = Store()
    runs = [trained(store) for _ in range(3)]
    of_the_first_version(store)
    with ThreadPoolExecutor(8) as pool:
        for again in pool.map(lambda _: Store(), range(8)):
            assert {run.id for run in again.runs()} == {run.id for run in runs}


def test_a_run_that_an_earlier_version_creates_meanwhile_is_read():
    store = Store()
    with sqlite3.connect(store.path) as connection:
        columns = [
            row[1] for row in connection.execute("PRAGMA table_info(runs)") if row[1] not in ("note", "pinned", "group")
        ]
        values: dict[str, Any] = dict.fromkeys(columns, 0) | {
            "id": "a",
            "name": "b",
            "config": "{}",
            "environment": "null",
        }
        connection.execute(
            f"INSERT INTO runs ({', '.join(columns)}) VALUES ({', '.join(map(':{}'.format, columns))})", values
        )
    (run,) = store.runs()
    assert (run.note, run.pinned) == ("", False)


def test_folders_of_an_earlier_version_bring_the_store_back():
    store = Store()
    run = trained(store)
    of_the_first_version(store)
    store.path.unlink()
    assert Store().get(run.id) == run


# Name, note, pin


def test_what_the_user_says_of_a_run_survives_the_loss_of_the_store():
    store = Store()
    run = trained(store)
    store.describe(run.id, name="Better", note="A note,\nwith ü", pinned=True)
    store.path.unlink()
    found = Store().get(run.id)
    assert found is not None
    assert (found.name, found.note, found.pinned) == ("Better", "A note,\nwith ü", True)
    assert len(Store().metrics(run.id)) == 10


def test_a_rename_is_not_undone_by_a_worker_that_saves_at_the_same_time():
    store = Store()
    run = trained(store, steps=200)

    def save(_: int) -> None:
        Store().save_copy(run.id)

    with ThreadPoolExecutor(3) as pool:
        saving = [pool.submit(save, index) for index in range(30)]
        for index in range(10):
            store.describe(run.id, name=f"name {index}")
            copied = json.loads((store.folder(run.id) / "run.json").read_text())
            assert copied["name"] == f"name {index}"
        for task in saving:
            task.result()
    assert json.loads((store.folder(run.id) / "run.json").read_text())["name"] == "name 9"


# Many at once


def test_the_newest_values_of_all_runs():
    store = Store()
    one, other, empty = (store.create(CONFIG) for _ in range(3))
    for step, value in ((1, 3.0), (3, 1.0), (2, 2.0)):
        store.add_metrics(one.id, step, step / 10, {"test/a": value, "test/b": -value, "train/a": 9.0})
    store.add_metrics(other.id, 7, 0.7, {"test/a": 5.0, "test/b": math.nan})
    assert store.last_values(["test/a", "test/b", "test/c"]) == {
        one.id: {"test/a": 1.0, "test/b": -1.0},
        other.id: {"test/a": 5.0},
    }
    assert store.last_values([]) == {}
    assert empty.id not in store.last_values(["test/a"])


def test_the_newest_values_are_looked_up_and_not_searched_for(monkeypatch: pytest.MonkeyPatch):
    """However many rows there are, SQLite reads as few of them."""
    store = Store()
    for run in [store.create(CONFIG) for _ in range(3)]:
        store.add_metrics(run.id, 1, 0.1, {"test/a": 1.0, "train/a": 1.0})
    few = effort(store, monkeypatch)
    for run in store.runs():
        for step in range(2, 300):
            store.add_metrics(run.id, step, step / 10, {"test/a": 1.0, "train/a": 1.0})
    assert effort(store, monkeypatch) <= few + 20


def effort(store: Store, monkeypatch: pytest.MonkeyPatch) -> int:
    """Steps of SQLite's virtual machine that ``last_values`` takes."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = original(*arguments, **options)
        connection.set_progress_handler(count, 1)
        return connection

    original = sqlite3.connect
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect)
        store.last_values(["test/a"])
    return steps


def test_one_curve_of_several_runs_comes_in_the_order_it_was_written_in():
    store = Store()
    runs: list[Run] = [store.create(CONFIG) for _ in range(3)]
    for step in (1, 2):
        for run in runs:
            store.add_metrics(run.id, step, step / 4, {"test/a": float(step), "test/b": 0.0})
    curve = store.curves(["test/a"], [runs[2].id, runs[0].id])
    assert curve[["run", "name", "step", "epoch", "value"]].values.tolist() == [
        [runs[0].id, "test/a", 1, 0.25, 1.0],
        [runs[2].id, "test/a", 1, 0.25, 1.0],
        [runs[0].id, "test/a", 2, 0.5, 2.0],
        [runs[2].id, "test/a", 2, 0.5, 2.0],
    ]
    both = store.curves(["test/a", "test/b"], [runs[0].id])
    assert both["name"].tolist() == ["test/a", "test/b", "test/a", "test/b"]
    assert store.curves(["test/c"], [runs[0].id]).empty


# Tags, and how long training took


def test_tags_are_tidied_kept_and_survive_the_loss_of_the_store():
    store = Store()
    run = trained(store)
    store.describe(run.id, tags=[" seed\nstudy ", "b", "A", "b", "", "x" * 99])
    store.path.unlink()
    found = Store().get(run.id)
    assert found is not None
    assert found.tags == ["A", "b", "seed study", "x" * LONGEST_TAG]


def test_a_copy_with_more_tags_than_a_run_may_have_is_read_with_as_many():
    store = Store()
    run = trained(store)
    path = store.folder(run.id) / "run.json"
    tags = [f"{number:03} <b>" for number in range(MOST_TAGS + 5)]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tags": tags}))
    store.path.unlink()
    found = Store().get(run.id)
    assert found is not None
    assert found.tags == tags[:MOST_TAGS]


def test_the_time_of_each_row_is_kept_in_the_folder_too_and_rows_without_one_stay_without():
    store = Store()
    timed, untimed = trained(store), trained(store)
    store.add_metrics(timed.id, 6, 0.75, {"train/kl": 0.5}, seconds=12.25)
    store.save_copy(timed.id)
    store.path.unlink()
    found = Store().curves(["train/kl"], [timed.id])
    assert found["seconds"].isna().tolist() == [True] * 5 + [False]
    assert found["seconds"].iloc[-1] == 12.25
    assert Store().curves(["train/kl"], [untimed.id])["seconds"].isna().all()
