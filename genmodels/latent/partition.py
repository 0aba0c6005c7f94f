"""Points in groups, by the methods that one can choose from. Free of torch; scikit-learn comes when it is needed."""

from typing import Literal, get_args

import numpy as np

Method = Literal["KMeans", "Gaussian mixture", "HDBSCAN"]
METHODS: tuple[Method, ...] = get_args(Method)
SMALLEST = 0.01  # of all points, that HDBSCAN takes for a cluster
FEWEST = 5  # points that it does


def partition(means: np.ndarray, k: int, seed: int = 0, by: Method = "KMeans") -> tuple[np.ndarray, np.ndarray]:
    """The group of each point, (N,), and the centre of each group, (k, D); ``k`` is lowered to the number of points.

    KMeans: the best of 10 starts. Gaussian mixture: each component with a covariance of its own, by expectation maximisation
    from KMeans's groups, the best of 3 starts. HDBSCAN (Campello, Moulavi & Sander 2013) finds how many there are, and takes no
    ``k``; points that it leaves out join the group of the nearest point in one. means: (N, D).
    """
    means = np.asarray(means, np.float64)
    k = min(k, len(means))
    if by == "HDBSCAN":
        return _hdbscan(means)
    if by == "Gaussian mixture" and len(means) > 1:
        from sklearn.mixture import GaussianMixture

        mixture = GaussianMixture(k, n_init=3, random_state=seed).fit(means)
        return mixture.predict(means), mixture.means_
    from sklearn.cluster import KMeans

    kmeans = KMeans(k, n_init=10, random_state=seed).fit(means)
    return kmeans.labels_, kmeans.cluster_centers_


def _hdbscan(means: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.cluster import HDBSCAN
    from sklearn.neighbors import KNeighborsClassifier

    size = max(FEWEST, round(SMALLEST * len(means)))
    ids = HDBSCAN(size, copy=True).fit_predict(means) if len(means) >= size else np.full(len(means), -1)
    inside = ids >= 0
    if not inside.any():
        ids = np.zeros_like(ids)
    elif not inside.all():
        ids[~inside] = KNeighborsClassifier(1).fit(means[inside], ids[inside]).predict(means[~inside])
    return ids, np.stack([means[ids == group].mean(0) for group in range(ids.max() + 1)])
