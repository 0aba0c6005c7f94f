"""t-SNE maps of the same images at moments of a training, each of which begins where the one before has ended. Free of torch.

`python -m genmodels.latent.tsne_film FOLDER --history CODES --steps 0,117,234` computes them: see ``genmodels.latent.maps``.

So an image stays near its place from one moment to the next, as far as its neighbours allow: the simplest of what Rauber, Falcão & Telea,
"Visualizing Time-Dependent Data Using Dynamic t-SNE", EuroVis 2016, compare.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genmodels.checkpoints import code_history
from genmodels.latent import codes as latent_codes
from genmodels.latent.maps import Embedding, parser
from genmodels.latent.tsne import optimiser
from genmodels.storage.background import work

FOLLOWED = 100  # iterations of each moment but the first


class TSNEFilm(Embedding):
    """Those of the codes that the run or the model in ``history`` has kept at ``steps``; ``folder`` has its codes of these images now.

    N are the moments times the images, one moment after another.
    """

    method, title = "tsne_film", "t-SNE through training"
    most = code_history.IMAGES * (code_history.MOST_MOMENTS + 2)

    def __init__(
        self, folder: Path, history: Path, steps: Sequence[int], seed: int = 0, perplexity: float = 30.0
    ) -> None:
        super().__init__(folder, seed=seed, perplexity=perplexity)
        self.history, self.steps, self.seed, self.perplexity = history, tuple(steps), seed, perplexity

    def command(self) -> list[str]:
        return [*super().command(), "--history", str(self.history), "--steps", ",".join(map(str, self.steps))]

    def known(self) -> np.ndarray | None:
        now, kept = latent_codes.load(self.codes_folder), code_history.files(self.history)
        if now is None or not kept.keys() >= set(self.steps):
            return None
        found = [code_history.load(kept[step], *now.mu.shape) for step in self.steps]
        read = [mu for mu in found if mu is not None]
        return np.concatenate(read).astype(np.float32) if len(read) == len(found) else None

    def count(self) -> int:
        return len(self.steps) * latent_codes.count(self.codes_folder)

    def embed(self, mu: np.ndarray) -> np.ndarray:
        moments = mu.reshape(len(self.steps), -1, mu.shape[1])
        points = np.zeros((*moments.shape[:2], self.dimensions), np.float32)
        for i, codes in enumerate(moments):
            begin: dict[str, Any] = (
                {"initialization": points[i - 1], "early_exaggeration_iter": 0, "n_iter": FOLLOWED} if i else {}
            )
            points[i] = optimiser(codes, self.perplexity, random_state=self.seed, **begin).fit(codes)
            self.show(points.reshape(-1, self.dimensions), (i + 1) / len(moments))
        return points.reshape(-1, self.dimensions)


def main() -> None:
    arguments = parser(TSNEFilm)
    arguments.add_argument("--perplexity", type=float, default=30.0, help="of the neighbours of a point [default 30]")
    arguments.add_argument("--history", type=Path, required=True, help="the folder of the run that has kept codes")
    arguments.add_argument("--steps", required=True, help="at which, as numbers with commas between them")
    options = arguments.parse_args()
    steps = [int(step) for step in options.steps.split(",")]
    work(TSNEFilm(options.folder, options.history, steps, options.seed, options.perplexity))


if __name__ == "__main__":
    main()
