"""Which of several models to keep when there are no labels: the one that agrees most with all others."""

from collections.abc import Sequence

import numpy as np


def agreement(partitions: Sequence[np.ndarray]) -> np.ndarray:
    """How much each two models agree on which images belong together: the adjusted mutual information of their partitions, 0 by
    chance and 1 for the same, however their classes are numbered; integers (N,) each -> (M, M)."""
    from sklearn.metrics import adjusted_mutual_info_score  # takes a second to import

    count = len(partitions)
    found = np.eye(count)
    for one in range(count):
        for other in range(one):
            found[one, other] = found[other, one] = adjusted_mutual_info_score(partitions[one], partitions[other])
    return found


def centrality(agreements: np.ndarray) -> np.ndarray:
    """The mean agreement of each model with all others, (M, M) -> (M,), whose greatest is the medoid: ModelCentrality (Lin et al. 2020,
    arXiv:1906.06034), there with a score of disentanglement. Raises ``ValueError`` for less than two models."""
    count = len(agreements)
    if count < 2:
        raise ValueError(f"A medoid is one of two models at least, not of {count}.")
    return (agreements.sum(1) - np.diag(agreements)) / (count - 1)
