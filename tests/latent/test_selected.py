"""What selected codes have in common."""

import numpy as np
import pytest

from genmodels.latent.selected import differences, gaussian_samples, walk

CODES = np.random.default_rng(0).normal(size=(400, 3)) * [1, 2, 0.5] + [5, 0, -1]


def test_samples_have_the_mean_and_covariance_of_the_codes():
    samples = gaussian_samples(CODES, 20_000)
    assert samples.mean(0) == pytest.approx(CODES.mean(0), abs=0.05)
    assert np.cov(samples, rowvar=False) == pytest.approx(np.cov(CODES, rowvar=False), abs=0.15)
    assert not np.array_equal(gaussian_samples(CODES, 5, seed=1), gaussian_samples(CODES, 5))


@pytest.mark.parametrize("n", [1, 2])
def test_samples_of_fewer_codes_than_dimensions_stay_among_them(n: int):
    samples = gaussian_samples(CODES[:n], 50)
    line = CODES[n - 1] - CODES[0]
    across = samples - CODES[0]
    assert np.cross(across, line if n > 1 else across) == pytest.approx(np.zeros((50, 3)), abs=1e-5)
    assert n > 1 or not across.any()


def test_a_walk_goes_through_codes_from_end_to_end():
    way = walk(CODES, 12)
    assert way.shape == (13, 3)
    order = np.argsort(CODES[:, 1])  # the dimension that varies most
    assert {*map(tuple, way[[0, -1]])} == {*map(tuple, CODES[order[[0, -1]]])}
    passed = [(np.abs(CODES - code).sum(1) < 1e-9).any() for code in way]
    assert sum(passed) == 5
    assert len(walk(CODES[:1], 12)) == 1


def test_the_dimension_in_which_codes_differ_is_found():
    picked = np.flatnonzero(CODES[:, 2] > -0.5)
    apart = differences(CODES, picked)
    assert np.abs(apart).argmax() == 2
    assert apart[2] > 1
    assert not differences(CODES, np.arange(400)).any()
    flat = CODES.copy()
    flat[:, 0] = 5
    assert differences(flat, picked)[0] == 0
