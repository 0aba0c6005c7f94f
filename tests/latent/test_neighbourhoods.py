"""Scores of clusters of neighbourhoods, over seeds of the map."""

import numpy as np
import pytest

from genmodels.latent.neighbourhoods import umap_scores


def test_the_scores_are_the_median_and_the_ends_over_the_seeds(monkeypatch: pytest.MonkeyPatch):
    """Each seed of the map puts more points among those of another label."""
    labels = np.repeat(np.arange(10), 20)

    def embed(means: np.ndarray, seed: int, **settings: float) -> np.ndarray:
        shown = labels.copy()
        shown[: 4 * seed] = 9
        return 10 * np.eye(10)[shown] + np.random.default_rng(seed).normal(scale=0.1, size=(200, 10))

    monkeypatch.setattr("genmodels.latent.neighbourhoods.embed", embed)
    scores = umap_scores(np.zeros((200, 3)), labels)
    assert scores == pytest.approx({"umap_acc": 0.96, "umap_acc_low": 0.92, "umap_acc_high": 1.0})
