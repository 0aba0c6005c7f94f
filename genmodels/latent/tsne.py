"""A t-SNE map of the codes on a plane. Free of torch.

`python -m genmodels.latent.tsne FOLDER --seed 0 --perplexity 30` computes it: see ``genmodels.latent.maps``.

t-SNE: van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008), in the implementation of openTSNE (Poličar,
Stražar & Zupan, JSS 109, 2024).
"""

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genmodels.latent.maps import Map, parser
from genmodels.storage.background import threads, work

if TYPE_CHECKING:
    from openTSNE import TSNE as Optimiser

EXAGGERATED, REFINED = 250, 350  # iterations, with attraction exaggerated and without
ITERATIONS = EXAGGERATED + REFINED
SHOWN_EVERY = 10  # iterations
# How coarsely far points are taken together (Barnes-Hut), and the iterations, are chosen for speed: 5,000 of MNIST's test digits
# take 12 s of computing instead of 23 with openTSNE's 0.5 and 500, at a divergence of 2.08 instead of 2.06 and with as many
# neighbours of the same digit.
ANGLE = 0.8
EXACT_POINTS = 10_000  # nearest neighbours are searched exactly up to so many


def fitting_perplexity(perplexity: float, n: int) -> float:
    """``perplexity``, lowered to what ``n`` points allow: each needs three times as many neighbours."""
    return min(perplexity, max(1.0, (n - 1) / 3))


def optimiser(mu: np.ndarray, perplexity: float, **options: Any) -> "Optimiser":
    """openTSNE's, for codes (N, D), with a ``perplexity`` that these allow; ``options`` are its own, and go before ours."""
    from openTSNE import TSNE as Optimiser

    n, latent_dim = mu.shape
    ours: dict[str, Any] = {
        "perplexity": fitting_perplexity(perplexity, n),
        "early_exaggeration_iter": EXAGGERATED,
        "n_iter": REFINED,
        "theta": ANGLE,
        "initialization": "pca" if latent_dim > 1 else "random",
        "neighbors": "exact" if n <= EXACT_POINTS else "approx",
        "n_jobs": threads(),
    }
    return Optimiser(**(ours | options))


class TSNE(Map):
    """The t-SNE map of the codes in ``folder``, for one seed and perplexity."""

    method, title, most = "tsne", "t-SNE", 10_000

    def __init__(self, folder: Path, seed: int = 0, perplexity: float = 30.0) -> None:
        super().__init__(folder, seed=seed, perplexity=perplexity)
        self.seed, self.perplexity = seed, perplexity

    def embed(self, mu: np.ndarray) -> np.ndarray:
        steps = itertools.count(SHOWN_EVERY, SHOWN_EVERY)  # openTSNE counts each of its two phases for itself

        def show(iteration: int, error: float, embedding: np.ndarray) -> None:
            self.show(embedding, next(steps) / ITERATIONS)

        shown: dict[str, Any] = {"callbacks": show, "callbacks_every_iters": SHOWN_EVERY}
        return optimiser(mu, self.perplexity, random_state=self.seed, **shown).fit(mu)

    def transform(self, mu: np.ndarray) -> np.ndarray:
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN

        known, points = self.finished()
        affinities = PerplexityBasedNN(
            known,
            perplexity=fitting_perplexity(self.perplexity, len(known)),
            method="exact" if len(known) <= EXACT_POINTS else "approx",
            random_state=self.seed,
        )
        embedding = TSNEEmbedding(points, affinities, random_state=self.seed)
        return np.asarray(embedding.transform(mu.astype(known.dtype), perplexity=min(5, len(known) / 3)))


def main() -> None:
    arguments = parser(TSNE)
    arguments.add_argument("--perplexity", type=float, default=30.0, help="of the neighbours of a point [default 30]")
    options = arguments.parse_args()
    work(TSNE(options.folder, options.seed, options.perplexity))


if __name__ == "__main__":
    main()
