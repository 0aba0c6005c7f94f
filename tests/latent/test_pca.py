"""The plane of the principal components: what it keeps, and the way there and back."""

import numpy as np
import pytest

from genmodels.latent.pca import principal_plane


def test_the_plane_keeps_most_of_the_variance():
    numbers = np.random.default_rng(0)
    mu = numbers.normal(size=(500, 5)) * [1, 9, 1, 4, 1] + 3
    plane = principal_plane(mu)
    assert np.abs(plane.axes).argmax(1).tolist() == [1, 3]
    points = plane.project(mu)
    assert points.mean(0) == pytest.approx([0, 0], abs=1e-9)
    assert plane.explained.sum() == pytest.approx(points.var(0).sum() / mu.var(0).sum())
    assert np.allclose(plane.project(plane.lift(points)), points)


def test_a_single_dimension_makes_a_line():
    mu = np.arange(6.0)[:, None]
    plane = principal_plane(mu)
    assert plane.project(mu).shape == (6, 2)
    assert np.allclose(plane.project(mu)[:, 1], 0)
    assert np.allclose(plane.lift(plane.project(mu)), mu)
