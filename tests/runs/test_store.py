"""The run store: nothing is lost when several write, and the folders alone bring it back."""

import math
import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from genmodels.runs.store import Run, Store

CONFIG = {"family": "vae", "dataset": "mnist-sample", "device": "cpu", "batch_size": 500}
COLUMNS = ["name", "step", "epoch", "value"]
GARBAGE = b"this is not a database, " * 500


def trained(store: Store, steps: int = 5, **values: Any) -> Run:
    """A run with rows and an event, copied to its folder as a worker does at each checkpoint."""
    run = store.create(CONFIG, "A name with ü")
    for step in range(1, steps + 1):
        store.add_metrics(run.id, step, step / 8, {"train/neg_elbo": 500 + 0.1 * step, "train/kl": 1 / step})
    store.add_event(run.id, "Something happened: 'quoted', ü", "warning")
    store.update(run.id, **{"state": "finished", "step": steps, "environment": {"torch": "2"}, **values})
    store.save_copy(run.id)
    found = store.get(run.id)
    assert found is not None
    return found


def rows(store: Store, run: Run) -> pd.DataFrame:
    return store.metrics(run.id)[COLUMNS]


def test_a_created_run_is_queued_and_found():
    run = Store().create(CONFIG, command="python train.py vae")
    assert Store().get(run.id) == run
    assert (run.state, run.name, run.command) == ("queued", "VAE on mnist-sample", "python train.py vae")
    assert Store().get("no such run") is None


def test_an_update_changes_one_run_alone():
    store = Store()
    one, other = store.create(CONFIG), store.create(CONFIG)
    store.update(one.id, state="running", pid=7, environment={"torch": "2"}, stop_requested=True)
    found = store.get(one.id)
    assert found is not None
    assert (found.state, found.pid, found.environment, found.stop_requested) == ("running", 7, {"torch": "2"}, True)
    assert store.get(other.id) == other


def test_only_a_run_under_way_is_updated_as_one():
    store = Store()
    run = store.create(CONFIG)
    assert store.update_alive(run.id, state="finished")
    assert not store.update_alive(run.id, state="interrupted")
    assert [run.state for run in store.runs()] == ["finished"]


def test_runs_get_their_turn_in_the_order_they_were_queued_in():
    store = Store()
    first, second, third, ended = (store.create(CONFIG) for _ in range(4))
    store.update(second.id, state="running")
    store.update(first.id, queued=third.queued + 1)
    store.update(ended.id, state="stopped")
    assert [run.id for run in store.alive()] == [second.id, third.id, first.id]
    assert [run.id for run in store.runs()] == [ended.id, third.id, second.id, first.id]


def test_metrics_after_an_id_are_the_new_ones():
    store = Store()
    run = trained(store, steps=3)
    seen = store.metrics(run.id)
    store.add_metrics(run.id, 4, 0.5, {"train/neg_elbo": 1.0})
    new = store.metrics(run.id, after=int(seen["id"].max()))
    assert new[COLUMNS].values.tolist() == [["train/neg_elbo", 4, 0.5, 1.0]]
    assert store.last_metrics(run.id) == {"train/neg_elbo": 1.0, "train/kl": 1 / 3}


def test_a_row_written_again_replaces_the_old_one():
    store = Store()
    run = trained(store, steps=3)
    store.add_metrics(run.id, 2, 0.25, {"train/kl": 9.0})
    kl = store.metrics(run.id).query("name == 'train/kl'")
    assert dict(zip(kl["step"], kl["value"], strict=True)) == {1: 1.0, 2: 9.0, 3: 1 / 3}


def test_rows_after_a_step_are_dropped_and_those_of_other_runs_stay():
    store = Store()
    run, other = trained(store), trained(store)
    store.drop_metrics_after(run.id, 3)
    assert rows(store, run)["step"].max() == 3
    assert len(rows(store, run)) == 6
    assert len(rows(store, other)) == 10


def test_the_copy_has_the_rows_of_the_store_digit_by_digit():
    store = Store()
    run = trained(store)
    store.add_metrics(run.id, 9, 1 / 3, {"test/a, b": math.nan, "test/c": math.inf, "test/d": -1e-17})
    store.save_copy(run.id)
    copied = pd.read_csv(store.folder(run.id) / "metrics.csv")
    pd.testing.assert_frame_equal(copied, store.metrics(run.id)[COLUMNS], check_exact=True)


def test_what_is_not_a_number_survives_the_store_and_the_copy():
    store = Store()
    run = store.create(CONFIG)
    values = {"train/nan": math.nan, "train/inf": math.inf, "train/one": 1.0}
    store.add_metrics(run.id, 1, 0.1, values)
    assert store.last_metrics(run.id) == pytest.approx(values, nan_ok=True)
    store.save_copy(run.id)
    store.path.unlink()
    assert Store().last_metrics(run.id) == pytest.approx(values, nan_ok=True)


def test_a_curve_of_nothing_but_nan_is_still_one_of_numbers():
    store = Store()
    run = store.create(CONFIG)
    store.add_metrics(run.id, 1, 0.1, {"train/nan": math.nan})
    assert store.metrics(run.id)["value"].dtype == float


def write(root: Path, run: str, name: str) -> None:
    """What two writers do at once, each through a store of its own."""
    store = Store(root)
    for step in range(40):
        store.add_metrics(run, step, step / 10, {name: float(step)})
        store.update(run, step=step)
        store.add_event(run, f"{name} {step}")


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_two_that_write_at_once_lose_nothing(kind: str):
    store = Store()
    run = store.create(CONFIG)
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(2) if kind == "threads" else ProcessPoolExecutor(2, mp_context=context) as pool:
        for task in [pool.submit(write, store.root, run.id, name) for name in ("a", "b")]:
            task.result()
    written = store.metrics(run.id)
    for name in ("a", "b"):
        assert written.loc[written["name"] == name, "value"].tolist() == [float(step) for step in range(40)]
    assert len(store.events(run.id)) == 80


@pytest.mark.parametrize("damage", ["deleted", "emptied", "garbage", "cut short", "garbage in the middle"])
def test_a_lost_store_is_rebuilt_from_the_folders(damage: str):
    store = Store()
    runs = [trained(store), trained(store, steps=150), trained(store, state="running", pid=7, stop_requested=True)]
    before = {run.id: (rows(store, run), store.events(run.id)) for run in runs}
    whole = store.path.read_bytes()
    if damage == "deleted":
        store.path.unlink()
    else:
        half = len(whole) // 2
        store.path.write_bytes(
            {
                "emptied": b"",
                "garbage": GARBAGE,
                "cut short": whole[:half],
                "garbage in the middle": whole[:100] + GARBAGE + whole[100 + len(GARBAGE) :],
            }[damage]
        )
    again = Store()
    for run in runs:
        pd.testing.assert_frame_equal(rows(again, run), before[run.id][0])
        assert again.events(run.id) == before[run.id][1]
    assert [again.get(run.id) for run in runs[:2]] == runs[:2]
    cut_off = again.get(runs[2].id)
    assert cut_off is not None
    assert (cut_off.state, cut_off.pid, cut_off.stop_requested) == ("interrupted", None, False)


def test_a_damaged_store_is_kept_aside():
    store = Store()
    store.path.write_bytes(GARBAGE)
    Store()
    (aside,) = store.root.glob("store.damaged-*.sqlite")
    assert aside.read_bytes() == GARBAGE


@pytest.mark.parametrize(
    "damage", ["cut short", "of another program", "nested without end", "with a broken curve beside it"]
)
def test_one_broken_folder_does_not_hide_the_other_runs(damage: str):
    store = Store()
    runs = [trained(store) for _ in range(3)]
    path = store.folder(runs[1].id) / "run.json"
    if damage == "cut short":
        path.write_text(path.read_text()[:100])
    elif damage == "of another program":
        path.write_text('{"name": "something else"}')
    elif damage == "nested without end":
        path.write_text("[" * 100_000)
    else:
        path.with_name("metrics.csv").write_text("name,step,epoch,value\ntrain/kl,1,0.1,1.0\ntrain/kl,tw")
    store.path.unlink()
    again = Store()
    assert {run.id for run in again.runs()} == {runs[0].id, runs[2].id}
    assert again.metrics(runs[1].id).empty
    assert path.exists()


def test_folders_that_are_no_runs_are_left_alone():
    store = Store()
    run = trained(store)
    (store.runs_folder / "notes").mkdir()
    (store.runs_folder / "file.txt").write_text("hello")
    store.path.unlink()
    assert [run.id for run in Store().runs()] == [run.id]


def test_a_run_brought_back_can_go_on():
    """The rows of its next life follow those from the copy."""
    store = Store()
    run = trained(store, state="running")
    store.path.unlink()
    again = Store()
    again.drop_metrics_after(run.id, 3)
    again.add_metrics(run.id, 4, 0.5, {"train/kl": 0.25})
    again.save_copy(run.id)
    again.path.unlink()
    assert rows(Store(), run)["step"].tolist() == [1, 1, 2, 2, 3, 3, 4]


def test_several_that_find_the_store_gone_rebuild_it_once():
    store = Store()
    runs = [trained(store) for _ in range(5)]
    store.path.write_bytes(GARBAGE)
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda _: Store(), range(8)))
    for again in stores:
        assert {run.id for run in again.runs()} == {run.id for run in runs}
        assert len(rows(again, runs[0])) == 10
    assert len(list(store.root.glob("store.damaged-*.sqlite"))) == 1


def test_a_folder_moved_elsewhere_keeps_its_plots(tmp_path: Path):
    store = Store()
    run = trained(store)
    elsewhere = Store(tmp_path / "elsewhere")
    shutil.copytree(store.folder(run.id), elsewhere.folder(run.id))
    assert elsewhere.adopt(elsewhere.folder(run.id)) == run
    pd.testing.assert_frame_equal(rows(elsewhere, run), rows(store, run))
    assert elsewhere.events(run.id) == store.events(run.id)
