"""Clusters among the codes, and how they match the labels. Free of torch: numpy arrays in, numpy arrays out.

scikit-learn, scipy and pandas are imported where they are used: that takes a second, for which no page should wait that only offers
clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from genmodels.latent.partition import Method, partition

if TYPE_CHECKING:
    import pandas as pd

AGREEMENTS = ("acc", "nmi", "ari")  # of clusters with labels
SILHOUETTE_POINTS = 2000  # its cost grows with the square of them
SILHOUETTE_LEAST = 50  # points: of codes without groups it spreads by 0.006 with so many, and by 0.05 with 3


def contingency(clusters: np.ndarray, labels: np.ndarray, k: int = 0, num_classes: int = 0) -> np.ndarray:
    """How many points of each cluster have each label: integers (N,), (N,) -> (clusters, labels), at least (k, num_classes).

    scikit-learn's ``contingency_matrix`` leaves out the rows and columns of what does not occur.
    """
    counts = np.zeros((max(k, clusters.max() + 1), max(num_classes, labels.max() + 1)), dtype=np.int64)
    np.add.at(counts, (clusters, labels), 1)
    return counts


def match_clusters(clusters: np.ndarray, labels: np.ndarray) -> dict[int, int]:
    """Cluster -> label, each label at most once, so that as many points as possible agree (Kuhn 1955).

    clusters, labels: integers (N,). With more clusters than labels, some clusters stay without a label.
    """
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-contingency(clusters, labels))
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def cluster_accuracy(clusters: np.ndarray, labels: np.ndarray) -> float:
    """The share of points whose cluster's matched label is their own; the same however the clusters are numbered."""
    matched = match_clusters(clusters, labels)
    return float(np.mean([matched.get(cluster) == label for cluster, label in zip(clusters, labels, strict=True)]))


def agreements(clusters: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """Of ``AGREEMENTS``, for integers (N,), (N,): matched accuracy, normalised mutual information, adjusted Rand index."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    nmi, ari = normalized_mutual_info_score(labels, clusters), adjusted_rand_score(labels, clusters)
    return {"acc": cluster_accuracy(clusters, labels), "nmi": float(nmi), "ari": float(ari)}


def kmeans_scores(means: np.ndarray, labels: np.ndarray, k: int = 10, seeds: int = 10) -> dict[str, float]:
    """How well KMeans on the codes finds the labels, over the seeds 0, 1, ...; each keeps the best of 10 starts.

    ``kmeans_acc_mean``, ``kmeans_acc_std`` (matched accuracy), and the same of ``nmi`` and ``ari``. means: (N, D); labels:
    integers (N,).
    """
    from sklearn.cluster import KMeans

    runs = [KMeans(k, n_init=10, random_state=seed).fit_predict(means) for seed in range(seeds)]
    each = [agreements(clusters, labels) for clusters in runs]
    found: dict[str, float] = {}
    for name in AGREEMENTS:
        values = [run[name] for run in each]
        found |= {f"kmeans_{name}_mean": float(np.mean(values)), f"kmeans_{name}_std": float(np.std(values))}
    return found


@dataclass(frozen=True)
class Clusters:
    """Points in groups, numbered so that the numbers mean the same whatever order KMeans found them in.

    With labels the clusters come in the order of the labels that they match, then those without a label, larger ones
    first; without labels, larger ones first. ``ids``: (N,); ``centers``: (k, D); ``matched``: cluster -> label.
    """

    means: np.ndarray
    ids: np.ndarray
    centers: np.ndarray
    labels: np.ndarray | None
    matched: dict[int, int]

    @property
    def k(self) -> int:
        return len(self.centers)

    @cached_property
    def distances(self) -> np.ndarray:
        """Of each point to the centre of its own cluster, (N,)."""
        return np.linalg.norm(self.means - self.centers[self.ids], axis=1)

    def members(self, cluster: int) -> np.ndarray:
        """The indices of a cluster's points, the most typical (nearest to the centre) first."""
        (own,) = np.nonzero(self.ids == cluster)
        return own[np.argsort(self.distances[own], kind="stable")]

    @cached_property
    def scores(self) -> dict[str, float]:
        """``ACC`` (matched), ``NMI`` and ``ARI`` if there are labels; ``silhouette``, of 50 points at least and 2,000 at
        most, if it is defined."""
        found: dict[str, float] = {}
        if self.labels is not None:
            found |= {name.upper(): value for name, value in agreements(self.ids, self.labels).items()}
        if len(self.ids) >= SILHOUETTE_LEAST and 1 < len(np.unique(self.ids)) < len(self.ids):
            found["silhouette"] = _silhouette(self.means, self.ids)
        return found


def cluster(
    means: np.ndarray, k: int, labels: np.ndarray | None = None, seed: int = 0, by: Method = "KMeans"
) -> Clusters:
    """Clusters of means (N, D) as ``partition`` finds them; ``labels``, integers (N,), only name and score them."""
    return numbered(means, *partition(means, k, seed, by), labels)


def numbered(means: np.ndarray, ids: np.ndarray, centers: np.ndarray, labels: np.ndarray | None) -> Clusters:
    """``Clusters`` of points that have been put into groups, whatever their numbers."""
    matched = {} if labels is None else match_clusters(ids, labels)
    sizes = np.bincount(ids, minlength=len(centers))
    unmatched = len(ids)  # behind every label
    order = sorted(range(len(centers)), key=lambda c: (matched.get(c, unmatched), -sizes[c], *centers[c]))
    rank = np.argsort(order)
    return Clusters(
        means, rank[ids], centers[order], labels, {int(rank[cluster]): label for cluster, label in matched.items()}
    )


def how_many(
    means: np.ndarray, ks: Iterable[int], seed: int = 0, progress: Callable[[int], object] = lambda k: None
) -> pd.DataFrame:
    """Columns ``k``, ``inertia`` (sum of squared distances to the centres) and ``silhouette``, a row for each of ``ks``.

    ``progress`` is told each k that is done. Numbers of clusters that the points do not allow are left out.
    """
    import pandas as pd
    from sklearn.cluster import KMeans

    rows = []
    for k in (k for k in ks if 2 <= k < len(means)):
        kmeans = KMeans(k, n_init=3, random_state=seed).fit(means)
        rows.append((k, float(kmeans.inertia_), _silhouette(means, kmeans.labels_)))
        progress(k)
    return pd.DataFrame(rows, columns=["k", "inertia", "silhouette"])


def _silhouette(means: np.ndarray, ids: np.ndarray) -> float:
    """Mean silhouette coefficient (Rousseeuw 1987) of a fixed random part of the points; every cluster must be in it."""
    from sklearn.metrics import silhouette_score

    part = np.random.default_rng(0).permutation(len(means))[:SILHOUETTE_POINTS]
    return float(silhouette_score(means[part], ids[part])) if len(np.unique(ids[part])) > 1 else float("nan")
