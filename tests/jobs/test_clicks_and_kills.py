"""Small forms of `python -m benchmarks kills` and `python -m benchmarks visitors`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks import kills, visitors

pytestmark = [pytest.mark.slow, pytest.mark.exhaustive]


def apart(measure: Callable[[], dict[str, float]]) -> dict[str, float]:
    """In a thread of its own: in that of the tests, Playwright's event loop may be running."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(measure).result()


def test_a_run_whose_worker_and_server_are_killed_ends_like_one_that_was_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kills, "LONGEST", 2.0)
    result = apart(lambda: kills.kill(kills.RUN.model_copy(update={"epochs": 4}), 2, seed=3))
    assert result["workers killed"] + result["servers killed"] == 2


def test_visitors_who_click_everything_at_random_meet_no_error():
    assert apart(lambda: visitors.visit(3, 10.0))["clicks"] > 3
