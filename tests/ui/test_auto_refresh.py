"""How seldom viewers look again when there are many."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.ui.shell.auto_refresh import AWAY, COST, SHARE, Crowd
from tests.support.fragments import fragments, rerun_fragments


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


def a_page() -> None:
    """A part that looks again while something moves, and looks otherwise once that rests, with a part of its own."""
    import streamlit as st

    from genmodels.ui.shell.auto_refresh import refresh_every
    from genmodels.ui.shell.error_boundary import fragment

    def within() -> None:
        st.session_state["within"] = st.session_state.get("within", 0) + 1

    def part(moves: bool) -> None:
        st.session_state["looks"] = st.session_state.get("looks", 0) + 1
        st.write("moves" if moves else "rests")
        fragment(within)()

    moves = st.session_state.get("moves", True)
    refresh_every(part, 1.0 if moves else None)(moves)


def looks(page: AppTest) -> tuple[int, int]:
    """How often the part was drawn, and the part within it."""
    return page.session_state["looks"], page.session_state["within"]


def test_what_moves_is_drawn_again_at_a_look_and_has_no_fragment_within():
    page = AppTest.from_function(a_page).run()
    assert len(fragments(page)) == 1
    rerun_fragments(page)
    assert looks(page) == (2, 2)


def test_a_look_that_comes_late_draws_nothing_of_what_rests_by_now():
    page = AppTest.from_function(a_page).run()
    moving = fragments(page)
    page.session_state["moves"] = False
    page.run()
    before = looks(page)
    rerun_fragments(page, moving)
    assert looks(page) == before


def test_what_rests_answers_by_itself_to_what_is_pressed_in_it():
    page = AppTest.from_function(a_page)
    page.session_state["moves"] = False
    page.run()
    part, within = fragments(page)
    rerun_fragments(page, [within])
    assert looks(page) == (1, 2)
    rerun_fragments(page, [part])
    assert looks(page) == (2, 3)
