"""Curves smoothed and thinned."""

import math

import numpy as np
import pandas as pd
import pytest

from genmodels.runs.smoothing import smooth, thin

LIMIT = 1_000


def as_tensorboard_does(values: list[float], weight: float) -> list[float]:
    """Its `_smooth_scalars`: https://github.com/tensorflow/tensorboard, vz_line_chart2/line-chart.ts, resmoothDataset."""
    last, count, smoothed = 0.0, 0, []
    for value in values:
        if not math.isfinite(value):
            smoothed.append(value)
            continue
        last, count = last * weight + (1 - weight) * value, count + 1
        smoothed.append(last / (1 - weight**count))
    return smoothed


@pytest.mark.parametrize("weight", [0.3, 0.6, 0.99])
def test_smooth_is_the_debiased_average_of_tensorboard(weight: float):
    values = [5.0, 3.0, math.nan, 4.0, -1.0, math.inf, 2.5, 100.0, 2.0]
    assert smooth(pd.Series(values), weight).tolist() == pytest.approx(as_tensorboard_does(values, weight), nan_ok=True)


def test_smoothing_of_zero_is_the_curve_itself():
    values = pd.Series([3.0, 1.0, 2.0])
    assert smooth(values, 0.0).tolist() == values.tolist()


def test_a_point_that_comes_later_changes_nothing_before_it():
    values = pd.Series(np.random.default_rng(0).normal(size=50))
    assert smooth(values, 0.9)[:30].tolist() == pytest.approx(smooth(values[:30], 0.9).tolist())


def test_thin_leaves_short_curves_alone():
    assert thin(np.ones(LIMIT), LIMIT).tolist() == list(range(LIMIT))


def test_thin_keeps_ends_extremes_and_gaps():
    values = np.sin(np.arange(24_000) / 300)
    values[7_001], values[15_003] = 9.0, -9.0
    values[20_000] = math.nan
    kept = thin(values, LIMIT)
    assert LIMIT * 0.9 < len(kept) <= LIMIT + 2
    assert (np.diff(kept) > 0).all()
    assert {0, 7_001, 15_003, 20_000, 23_999} <= set(kept.tolist())


def test_thin_survives_a_curve_of_gaps():
    kept = thin(np.full(5_000, math.nan), LIMIT)
    assert {0, 4_999} <= set(kept.tolist())
    assert len(kept) < LIMIT
