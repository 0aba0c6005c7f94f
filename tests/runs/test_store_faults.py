"""A store that is locked, damaged or full, or whose clock is set back: nothing is lost, and one sentence says the way out."""

import os
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.errors import UserError
from genmodels.jobs import queue, worker
from genmodels.runs import store as store_module
from genmodels.runs.store import Run, Store
from genmodels.storage.paths import PROJECT
from tests.support.helpers import see
from tests.support.training import tiny


def a_run(store: Store, rows: int = 3, **values: Any) -> Run:
    """One with some rows, whose copy is in its folder."""
    run = store.create(tiny().model_dump())
    store.add_metrics(run.id, 1, 0.125, {f"train/{number}": 1 / number for number in range(1, rows + 1)})
    store.update(run.id, **{"state": "finished"} | values)
    store.save_copy(run.id)
    return see(store, run)


def app() -> AppTest:
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run()
    assert not page.exception
    return page


@contextmanager
def kept_to_itself(store: Store) -> Iterator[None]:
    """Another connection writes, and does not end."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_locked_store_is_told_in_one_sentence_and_nothing_is_half_written(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    run = a_run(store)
    monkeypatch.setattr(Store, "patience", 0.1)
    with kept_to_itself(store):
        with pytest.raises(UserError, match="keeps the run store to itself: wait"):
            store.add_metrics(run.id, 4, 0.5, {"train/kl": 1.0})
        with pytest.raises(UserError, match="keeps the run store to itself"):
            store.create(tiny().model_dump())
        assert len(list(store.runs_folder.iterdir())) == 1, "no folder is left of a run that could not be created"
        page = AppTest.from_file(str(PROJECT / "pages" / "vae.py"), default_timeout=60).run()
        page.session_state["entered"] = page.session_state["vae:form:open"] = True
        next(button for button in page.run().button if button.label == "Start training").click().run()
        assert not page.exception
        assert [error.value for error in page.error if "Training could not start: Another program" in error.value]
    store.add_metrics(run.id, 4, 0.5, {"train/kl": 1.0})
    assert len(store.metrics(run.id)) == 4


def test_a_worker_waits_for_a_locked_store_longer_than_a_page(monkeypatch: pytest.MonkeyPatch, own_signals: None):
    monkeypatch.setattr(Store, "patience", 0.1)
    store, locked = Store(), []

    def train(*arguments: object) -> str:
        locked.append(store.patience)
        return "finished"

    monkeypatch.setattr(worker, "_train", train)
    run = store.create(tiny().model_dump())
    worker.work(store, run, queue.hold(store, run.id), print)
    assert locked == [worker.PATIENCE]


@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbage", "garbage in the middle", "a folder in its place"])
def test_a_store_that_is_damaged_while_it_is_open_comes_back_by_itself(damage: str):
    store = Store()
    runs = [a_run(store), a_run(store, rows=800), a_run(store, state="running", pid=os.getpid())]
    held = queue.hold(store, runs[2].id)  # its worker lives, and must not be called interrupted
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = store.path.read_bytes()
    store.path.unlink()
    if damage == "a folder in its place":
        store.path.mkdir()
    elif damage == "garbage in the middle":
        middle = len(whole) // 3 // 4096 * 4096
        store.path.write_bytes(whole[:middle] + os.urandom(20 * 4096) + whole[middle + 20 * 4096 :])
    elif damage != "deleted":
        store.path.write_bytes(b"" if damage == "emptied" else os.urandom(5000))
    assert len(store.metrics(runs[1].id)) == 800
    assert [see(store, run) for run in runs] == runs
    assert store.alive() == [runs[2]]
    os.close(held)
    queue.mark_interrupted(store)
    assert see(store, runs[2]).state == "interrupted"


def test_a_damaged_store_is_told_of_on_the_page_of_all_runs():
    store = Store()
    run = a_run(store)
    store.path.write_bytes(os.urandom(5000))
    page = AppTest.from_file(str(PROJECT / "pages" / "runs.py"), default_timeout=60)
    page.session_state["entered"] = True
    page.run()
    assert not page.exception
    (said,) = [warning.value for warning in page.warning]
    assert said.startswith("The run store was damaged.")
    assert store.damaged()[0].name in said
    assert Store().runs() == [run]


def test_a_store_that_cannot_be_opened_is_a_sentence_on_every_page(monkeypatch: pytest.MonkeyPatch):
    def full(*arguments: Any, **options: Any) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    Store()
    monkeypatch.setattr(sqlite3, "connect", full)
    assert (
        "The run store cannot be used (database or disk is full): see that its disk has space" in app().error[0].value
    )


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_on_a_full_disk_one_can_look_at_runs_and_is_told_why_nothing_can_be_changed():
    store = Store()
    run, dead = a_run(store), a_run(store, state="running")
    (store.runs_folder / ".deleted-vae-1").mkdir()
    with full_disk():
        again = Store()
        queue.mark_interrupted(again)
        found, rows = again.runs(), again.metrics(run.id)
        with pytest.raises(UserError, match=r"^The run store cannot be used .*: see that its disk has space"):
            again.update(run.id, name="another")
    assert (found, len(rows)) == ([dead, run], 3)
    queue.mark_interrupted(store)
    assert see(store, dead).state == "interrupted"
    assert see(store, run) == run


def test_what_a_pretrained_model_shows_needs_no_space(monkeypatch: pytest.MonkeyPatch):
    Store()
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run().switch_page("pages/vae.py")
    page.query_params.update({"run": "vae-mnist", "tab": "Decoder"})
    with full_disk():
        page.run()
        errors, sliders = [error.value for error in page.error], len(page.slider)
    assert (list(page.exception), errors) == ([], [])
    assert sliders > 0


def test_the_space_of_a_deleted_run_is_free_before_its_rows_need_some(monkeypatch: pytest.MonkeyPatch):
    def forget(connection: sqlite3.Connection, run_id: str) -> None:
        left.extend(path for path in store.runs_folder.rglob("*") if path.is_file())
        monkeypatch.undo()
        store_module._forget(connection, run_id)

    store, left = Store(), []  # type: ignore[var-annotated]
    run = a_run(store)
    monkeypatch.setattr(store_module, "_forget", forget)
    store.delete(run.id)
    assert (left, store.runs()) == ([], [])


def test_a_disk_that_takes_no_word_of_it_either_leaves_the_run_to_be_resumed(
    monkeypatch: pytest.MonkeyPatch, own_signals: None
):
    store = Store()
    run = store.create(tiny().model_dump())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    shown: list[str] = []

    def train(*arguments: object) -> str:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        (store.root / "file").write_text("more than nothing")
        return "finished"

    monkeypatch.setattr(worker, "_train", train)
    try:
        assert worker.work(store, run, queue.hold(store, run.id), shown.append) == "failed"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert shown == ["The disk or a file failed (File too large); free some space, then resume the run."]
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"


def test_a_clock_that_is_set_back_loses_no_order_and_interrupts_nobody(monkeypatch: pytest.MonkeyPatch):
    store, now = Store(), time.time()
    first = store.create(tiny().model_dump())
    held = queue.hold(store, first.id)
    store.update(first.id, state="running")
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    second, third = (store.create(tiny().model_dump()) for _ in range(2))
    locks = [held, *(queue.hold(store, run.id) for run in (second, third))]
    queue.enqueue(store, second.id)
    assert [run.id for run in store.alive()] == [first.id, third.id, second.id]
    assert [queue.position(store, run.id) for run in (first, third, second)] == [1, 2, 3]
    queue.mark_interrupted(store)
    assert [run.state for run in store.alive()] == ["running", "queued", "queued"]
    store.add_event(first.id, "before")
    monkeypatch.setattr(time, "time", lambda: now - 7200)
    store.add_event(first.id, "after")
    assert [event["text"] for event in store.events(first.id)] == ["before", "after"]
    for descriptor in locks:
        os.close(descriptor)


def test_what_a_full_disk_keeps_of_a_deleted_run_is_told_and_goes_later():
    store = Store()
    run = a_run(store)
    folder = store.folder(run.id)
    with (
        full_disk(),
        pytest.raises(UserError, match=rf"^The files of {run.name} are deleted, but the store still lists"),
    ):
        queue.delete(store, run.id)
    assert not folder.exists()
    queue.delete(store, run.id)
    assert store.runs() == []


def test_a_place_where_no_store_can_be_made_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(
        UserError, match=r"^The run store cannot be used \(Not a directory\): see that its disk has space"
    ):
        Store(tmp_path / "file")


def test_a_store_that_no_disk_has_room_for_is_told_in_one_sentence():
    with full_disk(), pytest.raises(UserError, match=r"^The run store cannot be used .*: see that its disk has space"):
        Store()
    assert Store().runs() == []
