"""What some of the codes have in common: a Gaussian fitted to them, a way through them, and the dimensions in which they differ from
the rest. Free of torch."""

from itertools import pairwise

import numpy as np

from genmodels.latent.interpolation import linear
from genmodels.latent.pca import principal_plane

STOPS = 5  # codes that a walk passes


def gaussian_samples(mu: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
    """``n`` samples of the Gaussian with the mean and covariance of the codes (M, D): (n, D); of a single code, that code."""
    if len(mu) == 1:
        return np.repeat(mu, n, axis=0)
    numbers, covariance = np.random.default_rng(seed), np.atleast_2d(np.cov(mu, rowvar=False))
    return numbers.multivariate_normal(
        mu.mean(0), covariance, n, method="eigh"
    )  # which takes fewer codes than dimensions


def walk(mu: np.ndarray, n: int) -> np.ndarray:
    """About ``n`` codes on straight lines through some of the codes (M, D), from one end of their principal axis to the other: (about n, D)."""
    order = np.argsort(principal_plane(mu).project(mu)[:, 0], kind="stable")
    stops = mu[order[np.unique(np.linspace(0, len(mu) - 1, STOPS).round().astype(int))]]
    if len(stops) == 1:
        return stops
    each = max(2, round(n / (len(stops) - 1)) + 1)
    lines = [linear(start, end, each) for start, end in pairwise(stops)]
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


def differences(mu: np.ndarray, picked: np.ndarray) -> np.ndarray:
    """How far the mean of the codes ``picked`` is from that of the rest in each dimension, in standard deviations of all: (D,).

    0 where nothing varies, or there is no rest. mu: (N, D); picked: indices (M,).
    """
    rest = np.ones(len(mu), bool)
    rest[picked] = False
    spread = mu.std(0)
    if not rest.any():
        return np.zeros(mu.shape[1])
    return np.divide(mu[picked].mean(0) - mu[rest].mean(0), spread, out=np.zeros_like(spread), where=spread > 0)
