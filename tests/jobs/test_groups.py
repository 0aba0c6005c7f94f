"""Runs that are started, stopped, resumed and deleted as one."""

import os
from typing import Any

import pytest

from genmodels.errors import TrainingError, UserError
from genmodels.jobs import groups, queue, quota
from genmodels.jobs.policy import PolicyError
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.jobs.test_jobs import tiny


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the runs that have got a worker, which is none."""
    ids: list[str] = []

    def launch(store: Store, run: Run, held: int, *others: Any, **options: Any) -> Run:
        os.close(held)
        queue.enqueue(store, run.id)
        ids.append(run.id)
        found = store.get(run.id)
        assert found is not None
        return found

    monkeypatch.setattr(queue, "launch", launch)
    monkeypatch.setattr(queue, "mark_interrupted", lambda store: None)
    return ids


def configs(count: int) -> dict[str, Any]:
    return {f"seed {seed}": tiny(seed=seed) for seed in range(count)}


def states(store: Store) -> list[str]:
    return [run.state for run in reversed(store.runs())]


def test_all_are_started_in_one_group_by_their_names(launched: list[str]):
    runs = groups.start(Store(), configs(3), "sweep", "anna")
    assert [run.id for run in runs] == launched
    assert [(run.name, run.config["seed"], run.owner) for run in runs] == [(f"seed {n}", n, "anna") for n in range(3)]
    assert len({run.group for run in runs}) == 1
    assert runs[0].group.startswith("sweep-")


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("GENMODELS_LONGEST_QUEUE", "The queue of this server has room for 2 of these 3 runs: start fewer together"),
        ("GENMODELS_RUNS_PER_VISITOR", "at most 2 of a visitor's runs under way, and 0 of yours are: start fewer"),
    ],
)
def test_policy_is_asked_for_as_many_runs_and_none_is_started(
    launched: list[str], monkeypatch: pytest.MonkeyPatch, variable: str, told: str
):
    monkeypatch.setenv(variable, "2")
    with pytest.raises(PolicyError, match=told):
        groups.start(Store(), configs(3), "sweep", "anna")
    assert Store().runs() == []
    assert len(groups.start(Store(), configs(2), "sweep", "anna")) == 2


def test_too_many_are_refused(launched: list[str]):
    with pytest.raises(TrainingError, match="a group has at most 30"):
        groups.start(Store(), configs(31), "sweep")
    assert Store().runs() == []


def test_all_are_stopped_resumed_and_deleted_as_one(launched: list[str]):
    store = Store()
    ids = [run.id for run in groups.start(store, configs(3), "sweep")]
    with pytest.raises(UserError, match="seed 0 is under way: stop it first, then delete all"):
        groups.delete(store, ids)
    groups.stop(store, ids)
    assert [run.stop_requested for run in store.runs()] == [True] * 3
    store.update(ids[0], state="finished")
    for run in ids[1:]:
        store.update(run, state="stopped")
    launched.clear()
    groups.resume(store, ids)
    assert launched == ids[1:]
    assert states(store) == ["finished", "queued", "queued"]
    for run in ids[1:]:
        store.update(run, state="failed")
    groups.delete(store, ids)
    assert store.runs() == []


def test_resuming_asks_policy_for_as_many_runs(launched: list[str], monkeypatch: pytest.MonkeyPatch):
    store = Store()
    ids = [run.id for run in groups.start(store, configs(3), "sweep")]
    for run in ids:
        store.update(run, state="stopped")
    monkeypatch.setenv("GENMODELS_LONGEST_QUEUE", "2")
    with pytest.raises(PolicyError, match="room for 2 of these 3"):
        groups.resume(store, ids)
    assert states(store) == ["stopped"] * 3


def test_the_quota_takes_no_run_of_a_group_that_is_under_way(launched: list[str]):
    store = Store()
    ids = [run.id for run in groups.start(store, configs(2), "sweep")]
    store.update(ids[0], state="finished")
    store.create(tiny().model_dump())
    gone, _ = quota.surplus(store, 0)
    assert gone == []
    store.update(ids[1], state="finished")
    assert [run.id for run in quota.surplus(store, 0)[0]] == ids
