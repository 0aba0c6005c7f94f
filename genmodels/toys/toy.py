"""A training on the plane in a process of its own, one at a time on a machine, see ``genmodels.storage.background``. Free of torch.

`python -m genmodels.toys.toy FOLDER --target moons --seed 0` trains it, and leaves its film in the folder.
"""

import argparse
import hashlib
import sys
import time
from pathlib import Path
from typing import get_args

import numpy as np

from genmodels.language import N_
from genmodels.storage.background import Background, keep_newest, work
from genmodels.storage.files import replacing
from genmodels.storage.paths import home
from genmodels.toys import film as films
from genmodels.toys.film import Film
from genmodels.toys.setup import STEPS, Pairs, Setup
from genmodels.toys.targets import Target

FILE = "film.npz"
DRAWING = "drawing.npy"
MOST_TOYS = 40  # kept, of some 1.5 MB each
MOST_SECONDS = 600.0  # of a training: many times what it takes an idle core
TOLD_EVERY = 1.0  # seconds


class Toy(Background[Film]):
    """What is trained for ``setup`` in ``folder``, by default one of its own among others that are kept for all visitors.

    drawing: uint8 (H, W), of the target of that name.
    """

    title, kind, partial, less = N_("The training"), "toy", "partial.npz", N_("choose another target")

    def __init__(self, setup: Setup, drawing: np.ndarray | None = None, folder: Path | None = None) -> None:
        self.setup, self.drawing = setup, drawing
        super().__init__(folder or home() / "cache" / "toys" / self._name())

    def _name(self) -> str:
        content = hashlib.sha256(repr(self.setup).encode())
        if self.drawing is not None:
            content.update(self.drawing.tobytes())
        return content.hexdigest()[:16]

    def command(self) -> list[str]:
        setup = self.setup
        options = ["--target", setup.target, "--seed", str(setup.seed), "--pairs", setup.pairs]
        return [sys.executable, "-m", "genmodels.toys.toy", str(self.folder), *options, "--steps", str(setup.steps)]

    def start(self, owner: str = "") -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.drawing is not None:
            with replacing(self.folder / DRAWING) as temporary, temporary.open("wb") as file:
                np.save(file, self.drawing)
        return super().start(owner)

    def make_room(self) -> None:
        keep_newest((folder for folder in self.folder.parent.iterdir() if folder != self.folder), MOST_TOYS - 1)

    def finished_result(self) -> Film | None:
        return films.load(self.folder / FILE)

    def partial_result(self) -> tuple[Film, float] | None:
        found = films.load(self.folder / self.partial)
        return None if found is None else (found, float(found.arrays["steps"][-1]) / max(1, self.setup.steps))

    def compute(self) -> None:
        from genmodels.toys.train import train

        told = 0.0

        def tell(film: Film, share: float) -> None:
            nonlocal told
            self.must_be_within(MOST_SECONDS)
            if time.monotonic() - told > TOLD_EVERY:
                film.save(self.folder / self.partial)
                told = time.monotonic()

        train(self.setup, self.drawing, tell).save(self.folder / FILE)
        (self.folder / self.partial).unlink(missing_ok=True)


def main() -> None:
    import torch

    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description="Train models on the plane.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=f"where the film is kept, and {DRAWING} lies")
    parser.add_argument("--target", choices=get_args(Target), default="moons", help="what is learned [default moons]")
    parser.add_argument("--pairs", choices=get_args(Pairs), default="random", help="of noise and data [default random]")
    parser.add_argument("--seed", type=int, default=0, help="of data, weights and noise [default 0]")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"of the optimisers [default {STEPS}]")
    options = parser.parse_args()
    setup = Setup(options.target, options.seed, options.pairs, options.steps)
    options.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)  # of so small networks more would only wait for each other
    drawn = options.folder / DRAWING
    work(Toy(setup, np.load(drawn, allow_pickle=False) if setup.target == "drawing" else None, options.folder))


if __name__ == "__main__":
    main()
