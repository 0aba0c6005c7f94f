"""Clusters of neighbourhoods: of where UMAP puts codes, in more dimensions than one looks at. Free of torch.

KMeans and Gaussian mixtures take clusters for round or elliptic. Those of codes are neither, but each is a crowd of neighbours,
which UMAP draws together: McConville et al., "N2D: (Not Too) Deep Clustering via Clustering the Local Manifold of an Autoencoded
Embedding", arXiv:1908.05968.
"""

from pathlib import Path

import numpy as np

from genmodels.latent.clusters import cluster_accuracy
from genmodels.latent.partition import Method, partition
from genmodels.latent.umap import UMAP, embed
from genmodels.storage.progress import watched

NEIGHBOURS, MIN_DIST, DIMENSIONS = 50, 0.0, 10
BY: Method = "Gaussian mixture"
SEEDS = 5  # of the map, over which an accuracy is told
LEAST = 2000  # points to score: of fewer, the neighbours of one are a large part of its cluster
SCORES = ("umap_acc", "umap_acc_low", "umap_acc_high")


def neighbourhoods(folder: Path, seed: int = 0) -> UMAP:
    """The map whose points stand for the neighbourhoods of the codes in ``folder``."""
    return UMAP(folder, seed, NEIGHBOURS, MIN_DIST, DIMENSIONS)


def spread(values: list[float]) -> tuple[float, float, float]:
    """The median, the lowest and the highest."""
    return float(np.median(values)), min(values), max(values)


def umap_scores(means: np.ndarray, labels: np.ndarray, k: int = 10, seeds: int = SEEDS) -> dict[str, float]:
    """How well a Gaussian mixture on the neighbourhoods finds the labels, over the seeds 0, 1, ... of the map.

    ``umap_acc``: the median of the matched accuracies; ``umap_acc_low`` and ``umap_acc_high``: the lowest and the highest.
    means: (N, D); labels: integers (N,), which nothing but the score sees.
    """
    accuracies = []
    with watched("clusters of neighbourhoods", seeds, "seeds") as advance:
        for seed in range(seeds):
            points = embed(means, seed, NEIGHBOURS, MIN_DIST, DIMENSIONS)
            accuracies.append(cluster_accuracy(partition(points, k, seed, BY)[0], labels))
            advance(1)
    return dict(zip(SCORES, spread(accuracies), strict=True))
