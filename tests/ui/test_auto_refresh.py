"""How seldom viewers look again when there are many."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from genmodels.ui.shell.auto_refresh import AWAY, COST, SHARE, Crowd


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


def test_viewers_that_look_at_once_are_all_counted_and_hinder_nobody():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    crowd = Crowd(cores=2, now=Clock())
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: crowd.pace(str(number), 1.0), range(2000)))
    finally:
        sys.setswitchinterval(before)
    assert len(crowd.seen) == 2000


def test_few_viewers_look_as_often_as_they_would():
    crowd = Crowd(cores=4)
    assert [crowd.pace(name, 1.0) for name in "aab"] == [1.0, 1.0, 1.0]


def test_many_viewers_together_take_a_share_of_the_machine_and_no_more():
    crowd = Crowd(cores=2, now=Clock())
    pace = [crowd.pace(str(number), 1.0) for number in range(50)][-1]
    assert 50 * COST / pace == pytest.approx(SHARE * 2)
    assert crowd.pace("0", 1.0) == pace  # who was there before is slowed too


def test_who_has_gone_no_longer_counts():
    clock = Clock()
    crowd = Crowd(cores=2, now=clock)
    for number in [*range(50), *range(50)]:
        crowd.pace(str(number), 1.0)
    slow = crowd.pace("0", 1.0)
    clock.time = slow  # the others are late, but may still come
    assert crowd.pace("0", 1.0) == slow
    clock.time = slow * (1 + AWAY) + 1
    assert crowd.pace("0", 1.0) == 1.0
