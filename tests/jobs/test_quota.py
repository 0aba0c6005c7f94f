"""The disk quota: the oldest runs make room, and what must stay stays."""

import os
from pathlib import Path

import pytest

from genmodels.jobs import queue, quota, worker
from genmodels.jobs.policy import PolicyError
from genmodels.runs.run import CONFIG
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from tests.jobs.test_jobs import tiny
from tests.support.archives import a_run, zipped
from tests.support.helpers import come_and_go, looks_meanwhile
from tests.support.pages import open_page, texts
from tests.ui.test_runs_page import upload

KILOBYTES = 100  # of a run


def of_age(store: Store, age: float, **values: object) -> Run:
    """A finished run with something in its folder, that came ``age`` seconds before 2001."""
    run = store.create(tiny().model_dump())
    (store.folder(run.id) / "weights").write_bytes(bytes(KILOBYTES * 1000))
    os.utime(store.folder(run.id) / CONFIG, (978307200 - age,) * 2)
    store.update(run.id, **{"state": "finished"} | values)
    return run


def left(store: Store, *runs: Run) -> list[bool]:
    there = {run.id for run in store.runs()}
    return [run.id in there for run in runs]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    """With a quota that three runs fit into."""
    monkeypatch.setenv("GENMODELS_DISK_QUOTA_GB", str(3.5 * KILOBYTES / 10**6))
    return Store()


def test_what_goes_while_it_is_measured_counts_for_nothing(tmp_path: Path):
    (tmp_path / "weights").write_bytes(bytes(1000))
    assert set(looks_meanwhile(lambda: quota.size(tmp_path), lambda: come_and_go(tmp_path))) == {1000}


def test_nothing_goes_while_there_is_room(store: Store):
    runs = [of_age(store, age) for age in (3, 2, 1)]
    queue.make_room(store)
    assert left(store, *runs) == [True] * 3


def test_the_oldest_go_first_and_no_more_than_needed(store: Store):
    young, old, oldest, middle = (of_age(store, age) for age in (1, 3, 4, 2))
    queue.make_room(store)
    assert left(store, young, middle, old, oldest) == [True, True, True, False]
    assert not store.folder(oldest.id).exists()


def test_neither_pinned_runs_nor_those_under_way_nor_the_newest_go(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "mark_interrupted", lambda store: None)
    pinned, running = of_age(store, 6, pinned=True), of_age(store, 5, state="running")
    other, newest = of_age(store, 4), of_age(store, 1)
    queue.make_room(store)
    assert left(store, pinned, running, other, newest) == [True, True, False, True]
    monkeypatch.setenv("GENMODELS_DISK_QUOTA_GB", "1e-9")
    with pytest.raises(PolicyError, match=r"^The runs on this server fill its 1e-09 GB: delete some, or unpin some"):
        queue.make_room(store)
    assert left(store, pinned, running, newest) == [True] * 3


def test_a_full_server_starts_and_resumes_nothing(store: Store):
    runs = [of_age(store, age, pinned=True, state="stopped") for age in range(4)]
    with pytest.raises(PolicyError, match="fill its"):
        queue.start(store, tiny())
    with pytest.raises(PolicyError, match="fill its"):
        queue.resume(store, runs[0].id)
    assert len(store.runs()) == 4
    assert store.alive() == []


def test_what_is_resumed_does_not_make_room_for_itself(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "_spawn", lambda *arguments: None)
    oldest, old, *others = (of_age(store, age, state="stopped") for age in (4, 3, 2, 1))
    queue.resume(store, oldest.id)
    assert left(store, oldest, old, *others) == [True, False, True, True]


@pytest.mark.usefixtures("own_signals")
def test_room_is_made_when_a_run_ends_and_not_of_that_run(store: Store):
    oldest, old, *others = (of_age(store, age) for age in (4, 3, 2, 1))
    store.update(oldest.id, state="queued", stop_requested=True)
    held = lock(store.folder(oldest.id) / "worker.lock")
    assert held is not None
    assert worker.work(store, oldest, held, lambda text: None) == "stopped"
    assert left(store, oldest, old, *others) == [True, False, True, True]


def test_an_imported_run_stays_however_long_ago_it_was_started(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = Store(tmp_path / "elsewhere")
    imported = a_run(elsewhere, created=1.0)
    elsewhere.describe(imported.id, pinned=False)
    oldest, *others = (of_age(store, age) for age in (3, 2, 1))
    taken = quota.size(store.runs_folder)
    monkeypatch.setenv("GENMODELS_DISK_QUOTA_GB", str((taken + 1000) / 10**9))
    upload(open_page("runs"), "run.zip", zipped(elsewhere, imported))
    assert left(store, imported, oldest, *others) == [True, False, True, True]


def test_the_pages_say_that_there_is_a_quota(monkeypatch: pytest.MonkeyPatch):
    said = "This server keeps 2 GB of runs."
    for name in ("runs", "vae"):
        assert said not in texts(open_page(name))
    monkeypatch.setenv("GENMODELS_DISK_QUOTA_GB", "2")
    for name in ("runs", "vae"):
        assert said in texts(open_page(name))
