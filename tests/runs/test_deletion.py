"""A deleted run is gone for good, and nothing else is."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from genmodels.config.families import VAEConfig
from genmodels.data.folder_check import inspect_folder
from genmodels.data.load import load_for
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from tests.data.test_folder import fill
from tests.runs.test_store import rows, trained
from tests.support.helpers import tree


def test_a_deleted_run_is_gone_for_good_and_the_others_stay():
    store = Store()
    run, other = trained(store), trained(store)
    store.delete(run.id)
    for again in (store, Store()):
        assert again.runs() == [other]
        assert again.metrics(run.id).empty
        assert again.events(run.id) == []
        assert len(rows(again, other)) == 10
    assert [path.name for path in store.runs_folder.iterdir()] == [other.id]
    store.path.unlink()
    assert Store().runs() == [other]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_under_way_is_not_deleted(state: str):
    store = Store()
    run = trained(store, state=state)
    before = tree(store.folder(run.id))
    with pytest.raises(UserError, match="stop it first"):
        store.delete(run.id)
    assert store.get(run.id) == run
    assert tree(store.folder(run.id)) == before


def test_a_run_whose_worker_is_about_to_leave_is_not_deleted(monkeypatch: pytest.MonkeyPatch):
    """It has said how it ended, and has its copy still to write."""
    monkeypatch.setattr(queue, "LOCK_PATIENCE", 0.1)
    store = Store()
    run = trained(store)
    held = lock(store.folder(run.id) / "worker.lock")
    assert held is not None
    with pytest.raises(UserError, match="stop it first"):
        queue.delete(store, run.id)
    assert store.get(run.id) == run


def test_a_run_whose_worker_has_died_can_be_deleted():
    store = Store()
    run = trained(store, state="running", pid=2**22)
    queue.delete(store, run.id)
    assert store.runs() == []
    assert list(store.runs_folder.iterdir()) == []


class Killed(BaseException):
    """The process ends here."""


def kill(*arguments: Any, **options: Any) -> None:
    raise Killed


@pytest.mark.parametrize("moment", ["before the rename", "after the rename", "before the end"])
@pytest.mark.parametrize("then", ["opened", "rebuilt"])
def test_a_kill_in_the_middle_leaves_a_run_whole_or_gone(moment: str, then: str, monkeypatch: pytest.MonkeyPatch):
    store = Store()
    run, other = trained(store), trained(store)

    def rename_and_die(path: Path, target: Path) -> None:
        original(path, target)
        raise Killed

    original = Path.rename
    with monkeypatch.context() as patch:
        if moment == "before the rename":
            patch.setattr(Path, "rename", kill)
        elif moment == "after the rename":
            patch.setattr(Path, "rename", rename_and_die)
        else:
            patch.setattr(shutil, "rmtree", lambda path, **options: kill() if Path(path).exists() else None)
        with pytest.raises(Killed):
            store.delete(run.id)
    if then == "rebuilt":
        store.path.unlink()
    again = Store()
    left = [run, other] if moment == "before the rename" else [other]
    assert {run.id for run in again.runs()} == {run.id for run in left}
    assert {path.name for path in again.runs_folder.iterdir()} == {run.id for run in left}
    for kept in left:
        assert len(rows(again, kept)) == 10
        assert again.get(kept.id) == kept


def test_a_run_imported_again_is_not_taken_for_what_a_kill_left():
    store = Store()
    run = trained(store)
    (store.runs_folder / f".deleted-{run.id}").mkdir()
    again = Store()
    assert again.runs() == [run]
    assert len(rows(again, run)) == 10
    assert [path.name for path in again.runs_folder.iterdir()] == [run.id]


def test_packed_images_go_with_the_last_run_of_them(tmp_path: Path, home: Path):
    def made(folder: Path, **values: Any) -> str:
        config = VAEConfig.model_validate({"dataset": "folder", "folder": str(folder), **values})
        run = store.create(config.model_dump())
        store.update(run.id, state="finished")
        for split in ("train", "test"):
            load_for(config, split)
        return run.id

    def caches() -> set[str]:
        return {path.name for path in (home / "cache").iterdir()}

    store = Store()
    mine, theirs = fill(tmp_path / "mine", 5), fill(tmp_path / "theirs", 5)
    others = made(theirs)
    kept = caches()
    inspect_folder(fill(tmp_path / "looked at", 5))  # as a form does, of which no run came
    first, second, larger = made(mine), made(mine), made(mine, image_size=32)
    of_mine = caches() - kept
    store.delete(first)
    assert kept < caches() < kept | of_mine, "what was only looked at has gone"
    store.delete(second)
    assert len(caches() - kept) == 3, "both splits of the larger ones, and what is known of the files"
    store.delete(larger)
    assert caches() == kept
    store.delete(others)
    assert caches() == set()


def test_a_copy_of_a_folder_does_not_hide_the_other_runs():
    store = Store()
    runs = [trained(store), trained(store)]
    shutil.copytree(store.folder(runs[0].id), store.runs_folder / "a-copy")
    store.path.unlink()
    assert {run.id for run in Store().runs()} == {run.id for run in runs}
