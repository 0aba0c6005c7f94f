"""How fast training is, whatever the clock does."""

import time
from pathlib import Path

import pytest
from accelerate.state import AcceleratorState

from genmodels.training.trainer import Trainer
from tests.support.training import Memory, quicken, tiny


def test_a_clock_that_is_set_back_leaves_no_time_below_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)
    start, calls = time.time(), iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: start - 600 * next(calls))
    told: list[tuple[float, float]] = []

    class Timed(Memory):
        def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
            told.append((images_per_second, seconds))

    Trainer(tiny(), tmp_path, Timed()).run()
    assert all(speed > 0 for speed, _ in told)
    assert [seconds for _, seconds in told] == sorted(seconds for _, seconds in told)
    AcceleratorState._reset_state()
