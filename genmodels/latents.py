"""Codes of images, and what can be seen in them. Free of torch: numpy arrays in, numpy arrays out."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans


def match_clusters(clusters: np.ndarray, labels: np.ndarray) -> dict[int, int]:
    """Cluster -> label, each label at most once, so that as many points as possible agree (Kuhn 1955).

    clusters, labels: integers (N,). With more clusters than labels, some clusters stay without a label.
    """
    counts = np.zeros((clusters.max() + 1, labels.max() + 1), dtype=np.int64)
    np.add.at(counts, (clusters, labels), 1)
    rows, columns = linear_sum_assignment(-counts)
    return dict(zip(rows.tolist(), columns.tolist(), strict=True))


def cluster_accuracy(clusters: np.ndarray, labels: np.ndarray) -> float:
    """The share of points whose cluster's matched label is their own; the same however the clusters are numbered."""
    matched = match_clusters(clusters, labels)
    return float(np.mean([matched.get(cluster) == label for cluster, label in zip(clusters, labels, strict=True)]))


@dataclass(frozen=True)
class ClusterScores:
    """Accuracies of KMeans over several seeds."""

    mean: float
    std: float


def kmeans_accuracy(means: np.ndarray, labels: np.ndarray, k: int = 10, seeds: int = 10) -> ClusterScores:
    """How well KMeans on the codes finds the labels, over the seeds 0, 1, ...; each keeps the best of 10 starts.

    means: (N, D); labels: integers (N,).
    """
    runs = (KMeans(k, n_init=10, random_state=seed).fit_predict(means) for seed in range(seeds))
    accuracies = [cluster_accuracy(clusters, labels) for clusters in runs]
    return ClusterScores(float(np.mean(accuracies)), float(np.std(accuracies)))
