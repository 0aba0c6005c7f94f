"""The plane of the two principal components of the codes. Free of torch."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Plane:
    """Two principal axes: ``axes`` (2, D), ``origin`` (D,), and the share of the variance that each explains."""

    axes: np.ndarray
    origin: np.ndarray
    explained: np.ndarray

    def project(self, mu: np.ndarray) -> np.ndarray:
        """Onto the plane: (N, D) -> (N, 2)."""
        return (mu - self.origin) @ self.axes.T

    def lift(self, points: np.ndarray) -> np.ndarray:
        """The codes of points in the plane: (N, 2) -> (N, D)."""
        return points @ self.axes + self.origin


def principal_plane(mu: np.ndarray) -> Plane:
    """The plane through the mean of the codes (N, D) that keeps most of their variance; a line if D is 1.

    Where nothing varies, that of the first two dimensions.
    """
    if not np.ptp(mu, axis=0).any():
        return Plane(np.eye(2, mu.shape[1]), mu.mean(0), np.zeros(2))
    from sklearn.decomposition import PCA  # takes a second to import, and most pages do without

    found = min(2, *mu.shape)
    pca = PCA(found, svd_solver="covariance_eigh").fit(mu)
    axes = np.vstack([pca.components_, np.zeros((2 - found, mu.shape[1]))])
    return Plane(axes, pca.mean_, np.append(pca.explained_variance_ratio_, np.zeros(2 - found)))
