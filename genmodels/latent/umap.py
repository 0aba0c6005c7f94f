"""A UMAP map of the codes on a plane. Free of torch.

`python -m genmodels.latent.umap FOLDER --seed 0 --neighbours 15` computes it: see ``genmodels.latent.maps``.

McInnes, Healy & Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", arXiv:1802.03426, in
their own implementation. It computes in processes of its own alone: numba, with which it is made, compiles for seconds, and
ends a process of which two threads compute at once.
"""

import os
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.latent.maps import MOST_SECONDS, Map, parser
from genmodels.storage.background import environment, give_way, work
from genmodels.storage.files import waiting_lock
from genmodels.storage.paths import PROJECT, home

if TYPE_CHECKING:
    from genmodels.latent.live_umap import LiveUMAP, Tell

FEW = 10_000  # points, whose nearest neighbours are searched exactly, which is as quick, and compiles nothing
EPOCHS_OF_FEW, EPOCHS_OF_MANY = 500, 200  # what umap-learn takes


def fitting_neighbours(neighbours: int, n: int) -> int:
    """``neighbours``, lowered to what ``n`` points allow."""
    return max(2, min(neighbours, n - 1))


def embed(
    mu: np.ndarray,
    seed: int = 0,
    neighbours: int = 15,
    min_dist: float = 0.1,
    dimensions: int = 2,
    epochs: int | None = None,
    tell: "Tell | None" = None,
) -> np.ndarray:
    """The embedding of codes (N, D): float32 (N, dimensions), the same for the same seed on one machine.

    ``neighbours``: of each point, itself among them, that stay near it; ``min_dist``: how near they may come to it, where the
    extent of the whole is some 10; ``epochs``: of the optimisation, by default as many as umap-learn takes. ``tell`` hears where
    the points are, and which share of the way that is.
    """
    return _umap(mu, seed, neighbours, min_dist, dimensions, epochs).fit_transform(mu, tell=tell)


def _umap(
    mu: np.ndarray, seed: int, neighbours: int, min_dist: float, dimensions: int = 2, epochs: int | None = None
) -> "LiveUMAP":
    # numba keeps what it compiles beside the library, where an installation may be read-only. It asks when it is imported.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(home() / "cache" / "numba"))
    from genmodels.latent.live_umap import ExactSearch, LiveUMAP

    umap = LiveUMAP(
        n_neighbors=fitting_neighbours(neighbours, len(mu)),
        n_components=dimensions,
        min_dist=min_dist,
        n_epochs=epochs or (EPOCHS_OF_FEW if len(mu) <= FEW else EPOCHS_OF_MANY),
        # Eigenvectors of the graph of neighbours; so many points as dimensions have too few of them.
        init="spectral" if len(mu) > 4 * dimensions else "random",
        random_state=seed,
        n_jobs=1,  # which a seed takes
    )
    if len(mu) <= FEW:
        search = ExactSearch(mu)
        umap.precomputed_knn = (*search.query(mu, umap.n_neighbors), search)
        umap.force_approximation_algorithm = True  # which takes them for what they are
    return umap


class UMAP(Map):
    """The UMAP map of the codes in ``folder``, for one seed, and neighbours and least distance as ``embed`` takes them."""

    method, title, most = "umap", "UMAP", 70_000

    def __init__(self, folder: Path, seed: int = 0, neighbours: int = 15, min_dist: float = 0.1) -> None:
        super().__init__(folder, seed=seed, neighbours=neighbours, distance=min_dist)
        self.options: dict[str, Any] = {"seed": seed, "neighbours": neighbours, "min_dist": min_dist}

    def embed(self, mu: np.ndarray) -> np.ndarray:
        return embed(mu, **self.options, tell=self.show)

    def transform(self, mu: np.ndarray) -> np.ndarray:
        self.finished()
        locks = home() / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder, waiting_lock(locks / "placing.lock"):
            new, placed = Path(folder, "new.npy"), Path(folder, "placed.npy")
            np.save(new, mu.astype(np.float32))
            with suppress(subprocess.TimeoutExpired):
                subprocess.run(
                    [*self.command(), "--place", str(new), str(placed)],
                    cwd=PROJECT,
                    env=environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    timeout=MOST_SECONDS,
                )
            if not placed.exists():
                raise UserError(
                    N_("These images cannot be placed into the UMAP map: place fewer of them, or look at the PCA map.")
                )
            return np.load(placed, allow_pickle=False)

    def place_codes(self, mu: np.ndarray) -> np.ndarray:
        """As ``transform``, in this process."""
        known, points = self.finished()
        umap = _umap(known, **self.options).fit(known, known=points)
        umap.n_epochs = None  # umap-learn's own, which are fewer for points that are placed
        return umap.transform(mu)


def main() -> None:
    arguments = parser(UMAP)
    arguments.add_argument("--neighbours", type=int, default=15, help="of a point that stay near it [default 15]")
    arguments.add_argument("--distance", type=float, default=0.1, help="how near they may come to it [default 0.1]")
    arguments.add_argument(
        "--place", type=Path, nargs=2, metavar=("NEW", "PLACED"), help="place the codes of one file into the map"
    )
    options = arguments.parse_args()
    made = UMAP(options.folder, options.seed, options.neighbours, options.distance)
    if options.place:
        give_way()
        new, placed = options.place
        np.save(placed, made.place_codes(np.load(new, allow_pickle=False)))
    else:
        work(made)


if __name__ == "__main__":
    main()
