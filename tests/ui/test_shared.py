"""What is loaded once for all visitors: bounded by its bytes, and never loaded twice at a time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.runs.store import Store
from genmodels.ui.models import loading
from genmodels.ui.models.shared import shared
from genmodels.ui.training.rows import FRESH, Rows
from tests.support.helpers import finished, see
from tests.support.training import quicken


def test_what_was_not_asked_for_the_longest_goes_when_there_is_no_more_room():
    @shared(100, lambda array: array.nbytes)
    def load(size: int) -> np.ndarray:
        loads.append(size)
        return np.zeros(size, np.uint8)

    loads: list[int] = []
    for size in (40, 50, 40, 60, 40, 50, 101, 101):
        load(size)
    assert loads == [40, 50, 60, 50, 101, 101]


def test_many_who_ask_at_once_wait_for_one_load():
    @shared(100, lambda text: 1)
    def load(name: str) -> str:
        loads.append(name)
        slow.wait(0.2)
        return name

    loads: list[str] = []
    slow = threading.Event()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(load, ["a", "b"] * 4)) == {"a", "b"}
    assert sorted(loads) == ["a", "b"]


def test_each_of_a_class_looks_at_a_model_that_stays_loaded(monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch).update(train=50, test=50)
    small = {"width": 4, "latent_dim": 4, "batch_size": 50, "epochs": 1, "device": "cpu", "check_every": 0}
    runs = [finished(DCGANConfig.model_validate(small | {"seed": seed})) for seed in range(8)]
    models = [loading.model(run) for run in runs]
    assert [loading.model(run) for run in runs] == models


def test_rows_are_kept_while_there_is_room_and_read_again_after():
    store, rows = Store(), Rows(most=4_000)
    runs = [store.create(VAEConfig().model_dump()) for _ in range(2)]
    for run in runs:
        store.add_metrics(run.id, 1, 0.1, {f"train/{number}": 1.0 for number in range(60)})
    kept = rows.of(runs[0])
    assert rows.of(runs[0]) is kept
    rows.of(runs[1])
    again = rows.of(runs[0])
    assert again is not kept
    pd.testing.assert_frame_equal(again, kept)


def test_rows_of_a_run_under_way_are_read_once_for_all_who_look_at_the_same_time():
    clock = [100.0]
    store, rows = Store(), Rows(now=lambda: clock[0])
    run = see(store, store.create(VAEConfig().model_dump()))
    assert run.alive
    store.add_metrics(run.id, 1, 0.1, {"train/kl": 1.0})
    first = rows.of(run)
    store.add_metrics(run.id, 2, 0.2, {"train/kl": 1.0})
    assert rows.of(run) is first
    clock[0] += FRESH
    assert len(rows.of(run)) == 2
    store.add_metrics(run.id, 3, 0.3, {"train/kl": 1.0})
    store.update(run.id, state="finished")
    assert len(rows.of(see(store, run))) == 3, "the last rows are missing"
