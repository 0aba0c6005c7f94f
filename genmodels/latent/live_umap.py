"""umap-learn's UMAP, which tells where its points are while it optimises. To import it takes seconds: only what computes does so."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.neighbors import NearestNeighbors
from umap import UMAP, layouts
from umap.layouts import optimize_layout_euclidean
from umap.umap_ import (
    compute_membership_strengths,
    make_epochs_per_sample,
    simplicial_set_embedding,
    smooth_knn_dist,
)

TOLD_EVERY = 0.5  # seconds
# It says that new points could not be placed without an index of its own, in the place of which they are: see ``ExactSearch``.
warnings.filterwarnings("ignore", "precomputed_knn")

Tell = Callable[[np.ndarray, float], object]  # takes the points (N, P) by now and the share of the way

# umap-learn has these compiled in every process anew, which takes seconds. numba looks for what it kept when they are first called.
for compiled in (smooth_knn_dist, compute_membership_strengths, layouts._nb_optimize_layout_euclidean_single_epoch):
    compiled.enable_caching()


class ExactSearch:
    """Nearest neighbours among points (N, D), in the place of pynndescent's index, which takes seconds to compile and to build."""

    _angular_trees = False  # umap-learn asks for it

    def __init__(self, points: np.ndarray) -> None:
        self.search = NearestNeighbors(algorithm="brute").fit(points)

    def query(self, points: np.ndarray, k: int, epsilon: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """The ``k`` nearest to each of ``points`` (M, D): their indices, int32 (M, k), and their distances, float32 (M, k)."""
        distances, indices = self.search.kneighbors(points, k)
        return indices.astype(np.int32), distances.astype(np.float32)


class LiveUMAP(UMAP):
    """UMAP whose layout, the part that umap-learn lets subclasses replace, can be watched, or is known already.

    ``fit`` and ``fit_transform`` take ``tell``, which hears twice a second where the points are, or ``known``, the embedding
    (N, P) of an earlier fit to the same data, which is then ready for ``transform``.
    """

    def _fit_embed_data(
        self,
        X: np.ndarray,
        n_epochs: int,
        init: Any,
        random_state: np.random.RandomState,
        tell: Tell | None = None,
        known: np.ndarray | None = None,
    ) -> tuple[np.ndarray, dict]:
        if known is not None:
            return known.copy(), {}
        start, _ = simplicial_set_embedding(
            X,
            self.graph_,
            self.n_components,
            self._initial_alpha,
            self._a,
            self._b,
            self.repulsion_strength,
            self.negative_sample_rate,
            0,  # epochs: where it starts from
            init,
            random_state,
            self._input_distance_func,
            self._metric_kwds,
            densmap=False,
            densmap_kwds={},
            output_dens=False,
        )
        points = np.ascontiguousarray(start, np.float32)
        edges = self.graph_.tocoo()
        edges.data[edges.data < edges.data.max() / n_epochs] = 0.0  # which would never be drawn
        edges.eliminate_zeros()
        optimize_layout_euclidean(
            points,  # which it moves in their place
            points,
            edges.row,
            edges.col,
            n_epochs,
            len(points),
            make_epochs_per_sample(edges.data, n_epochs),
            self._a,
            self._b,
            random_state.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max, 3).astype(np.int64),
            self.repulsion_strength,
            self._initial_alpha,
            self.negative_sample_rate,
            tqdm_kwds=_Told(points, tell, n_epochs).options if tell else None,
            move_other=True,
        )
        return points, {}


class _Told:
    """Where tqdm, the one thing that the optimiser tells of its epochs, writes their number."""

    def __init__(self, points: np.ndarray, tell: Tell, n_epochs: int) -> None:
        self.points, self.tell, self.n_epochs = points, tell, n_epochs
        self.options = {"file": self, "disable": False, "bar_format": "{n}", "mininterval": TOLD_EVERY, "miniters": 1}

    def write(self, text: str) -> None:
        if (epoch := text.strip()).isdigit():
            self.tell(self.points, int(epoch) / self.n_epochs)

    def flush(self) -> None:
        pass
