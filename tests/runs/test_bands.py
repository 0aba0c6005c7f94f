"""Runs of a group as one curve with a band."""

import math
from typing import Any

import pandas as pd

from genmodels.config.families import VAEConfig
from genmodels.runs.bands import band, grouped
from genmodels.runs.run import Run


def curve(*points: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(points, columns=["x", "value"])


def rows(*curves: pd.DataFrame) -> list[list[float]]:
    return band(curves).values.tolist()


def test_the_band_goes_from_the_lowest_curve_to_the_highest_around_their_mean():
    assert rows(curve((0, 1.0), (1, 4.0)), curve((0, 2.0), (1, 4.0)), curve((0, 6.0), (1, 1.0))) == [
        [0, 3.0, 1.0, 6.0],
        [1, 3.0, 1.0, 4.0],
    ]


def test_curves_are_straight_between_their_points_and_count_for_nothing_beyond_their_ends():
    assert rows(curve((0, 0.0), (2, 4.0)), curve((1, 4.0), (3, 8.0))) == [
        [0, 0.0, 0.0, 0.0],
        [1, 3.0, 2.0, 4.0],
        [2, 5.0, 4.0, 6.0],
        [3, 8.0, 8.0, 8.0],
    ]


def test_what_is_not_finite_is_left_out():
    assert rows(curve((0, 1.0), (1, math.nan), (2, 3.0)), curve((0, 3.0), (1, math.inf), (math.nan, 9.0))) == [
        [0, 2.0, 1.0, 3.0],
        [2, 3.0, 3.0, 3.0],
    ]
    assert rows(curve((0, math.nan))) == rows() == []


def test_points_need_not_come_in_order():
    assert rows(curve((1, 2.0), (0, 1.0))) == [[0, 1.0, 1.0, 1.0], [1, 2.0, 2.0, 2.0]]


def test_a_run_is_in_each_of_its_groups_and_one_without_is_in_none():
    def run(name: str, **values: Any) -> Run:
        return Run(name, name, VAEConfig().model_dump(), **values)

    both, one, none = run("both", tags=["b", "a"]), run("one", tags=["b"]), run("none")
    assert grouped([both, none, one], lambda run: run.tags) == {"a": [both], "b": [both, one]}
