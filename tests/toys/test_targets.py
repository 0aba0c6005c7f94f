"""The distributions of the plane."""

from typing import get_args

import numpy as np
import pytest

from genmodels.toys.targets import REACH, Target, points


def drawn(target: Target, n: int = 2000, seed: int = 0, drawing: np.ndarray | None = None) -> np.ndarray:
    return points(target, n, np.random.default_rng(seed), drawing)


@pytest.mark.parametrize("target", ["moons", "rings", "spiral"])
def test_a_target_is_as_wide_as_the_noise_and_in_its_bounds(target: Target):
    found = drawn(target)
    assert found.shape == (2000, 2)
    assert found.dtype == np.float32
    assert np.abs(found).max() < REACH + 0.2
    assert np.abs(found.mean(0)).max() < 0.4
    assert 0.7 < np.sqrt(found.var(0).mean()) < 1.3


@pytest.mark.parametrize("target", get_args(Target))
def test_the_same_seed_gives_the_same_points_and_another_one_others(target: Target):
    picture = np.eye(8, dtype=np.uint8)
    assert np.array_equal(drawn(target, drawing=picture), drawn(target, drawing=picture))
    assert not np.array_equal(drawn(target, drawing=picture), drawn(target, seed=1, drawing=picture))


def test_what_is_drawn_is_where_it_was_drawn():
    picture = np.zeros((4, 4), np.uint8)
    picture[0, 3], picture[3, 3] = 200, 100  # top right, and half as bright bottom right
    found = drawn("drawing", drawing=picture)
    assert found[:, 0].min() >= 1
    top = found[:, 1] > 0
    assert found[top, 1].min() >= 1
    assert found[~top, 1].max() <= -1
    assert top.mean() == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize("picture", [None, np.zeros((4, 4), np.uint8)])
def test_nothing_drawn_is_no_target(picture: np.ndarray | None):
    with pytest.raises(ValueError, match="draw where points are to be"):
        drawn("drawing", drawing=picture)
