"""Neighbourhoods of the codes: where UMAP puts them in more dimensions than one looks at, to be clustered there. Free of torch.

KMeans and Gaussian mixtures take clusters for round or elliptic. Those of codes are neither, but each is a crowd of neighbours,
which UMAP draws together: McConville et al., "N2D: (Not Too) Deep Clustering via Clustering the Local Manifold of an Autoencoded
Embedding", arXiv:1908.05968.

`python -m genmodels.latent.neighbourhoods FOLDER --seed 0` computes them: see ``genmodels.latent.maps``.
"""

from pathlib import Path
from typing import Any

import numpy as np

from genmodels.language import N_
from genmodels.latent.clusters import cluster_accuracy
from genmodels.latent.maps import Map, parser
from genmodels.latent.partition import partition
from genmodels.latent.umap import UMAP, embed
from genmodels.storage.background import work
from genmodels.storage.progress import watched

NEIGHBOURS, DIMENSIONS = 50, 10
OPTIONS: dict[str, Any] = {"neighbours": NEIGHBOURS, "min_dist": 0.0, "dimensions": DIMENSIONS}
SEEDS = 5  # of the map, over which an accuracy is told
LEAST = 2000  # points to score: of fewer, the neighbours of one are a large part of its cluster
SCORES = ("umap_acc", "umap_acc_low", "umap_acc_high")


class Neighbourhoods(UMAP):
    """The map whose points (N, 10) stand for the neighbourhoods of the codes in ``folder``, for one seed."""

    method, title, dimensions = "neighbourhoods", N_("UMAP of the neighbourhoods"), DIMENSIONS

    def __init__(self, folder: Path, seed: int = 0) -> None:
        Map.__init__(self, folder, seed=seed)
        self.options = {"seed": seed} | OPTIONS


def spread(values: list[float]) -> tuple[float, float, float]:
    """The median, the lowest and the highest."""
    return float(np.median(values)), min(values), max(values)


def umap_scores(means: np.ndarray, labels: np.ndarray, k: int = 10, seeds: int = SEEDS) -> dict[str, float]:
    """How well KMeans on the neighbourhoods finds the labels, over the seeds 0, 1, ... of the map; it keeps the best of 10 starts.

    ``umap_acc``: the median of the matched accuracies; ``umap_acc_low`` and ``umap_acc_high``: the lowest and the highest.
    means: (N, D); labels: integers (N,), which nothing but the score sees.
    """
    accuracies = []
    with watched(N_("clusters of neighbourhoods"), seeds, N_("seeds")) as advance:
        for seed in range(seeds):
            points = embed(means, seed, **OPTIONS)
            accuracies.append(cluster_accuracy(partition(points, k, seed)[0], labels))
            advance(1)
    return dict(zip(SCORES, spread(accuracies), strict=True))


def main() -> None:
    options = parser(Neighbourhoods).parse_args()
    work(Neighbourhoods(options.folder, options.seed))


if __name__ == "__main__":
    main()
