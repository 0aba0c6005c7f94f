"""A t-SNE map of the codes on a plane: made in a process of its own, kept on disk. Free of torch.

`python -m genmodels.latent.tsne FOLDER --seed 0 --perplexity 30` is that process: it reads the codes in FOLDER and writes
where the points are by now, then where they end. Who computes holds two locks, the map's and the machine's, so that nothing is
computed twice and one map at a time; the kernel frees them when the process dies.

t-SNE: van der Maaten & Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008), in the implementation of openTSNE (Poličar,
Stražar & Zupan, JSS 109, 2024).
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import psutil

from genmodels.latent import codes as latent_codes
from genmodels.machine import cores
from genmodels.settings import for_workers
from genmodels.storage import arrays
from genmodels.storage.files import is_held, lock, replacing, write_text
from genmodels.storage.host_lock import holder, sign
from genmodels.storage.paths import PROJECT, home

EXAGGERATED, REFINED = 250, 350  # iterations, with attraction exaggerated and without
ITERATIONS = EXAGGERATED + REFINED
SHOWN_EVERY = 10  # iterations
# How coarsely far points are taken together (Barnes-Hut), and the iterations, are chosen for speed: 5,000 of MNIST's test digits
# take 12 s of computing instead of 23 with openTSNE's 0.5 and 500, at a divergence of 2.08 instead of 2.06 and with as many
# neighbours of the same digit.
ANGLE = 0.8
EXACT_POINTS = 10_000  # nearest neighbours are searched exactly up to so many
POINTS = arrays.Form(np.float32, "NP")
FEWEST, MOST = 4, 10_000  # points that t-SNE can do something with, and that it is given
MOST_SECONDS = 900.0  # of one computation: ten times what the most points take two idle cores
OWNER = ".owner"  # hidden, so that no zip holds it
MOST_MAPS = 20  # kept of the same codes
LONGEST_ERROR = 500  # characters: it may have come in a zip
KINDNESS = 10  # a map gives way to training by so much, see nice(2), and leaves it half of the cores


def fitting_perplexity(perplexity: float, n: int) -> float:
    """``perplexity``, lowered to what ``n`` points allow: each needs three times as many neighbours."""
    return min(perplexity, max(1.0, (n - 1) / 3))


@dataclass(frozen=True)
class Progress:
    """How far a t-SNE map is. ``points``: (N, 2), or None before the first are there; ``share`` is from 0 to 1."""

    state: Literal["missing", "running", "cancelled", "done", "failed"]
    points: np.ndarray | None = None
    share: float = 0.0
    error: str = ""


class Map:
    """The t-SNE map of the codes in ``folder``, for one seed and perplexity."""

    def __init__(self, folder: Path, seed: int = 0, perplexity: float = 30.0) -> None:
        self.codes_folder, self.seed, self.perplexity = folder, seed, perplexity
        self.folder = folder / f"tsne-seed{seed}-perplexity{perplexity:g}"

    def start(self, owner: str = "") -> bool:
        """Have it computed in the background for ``owner``, unless it is there or somebody is at it.

        False where another map is being computed on this machine: ask again when that is done. Raises ``FileNotFoundError``
        without codes.
        """
        self.folder.mkdir(exist_ok=True)
        # The machine's first, which has the lower number then: the kernel frees it before that by which a map is seen to end.
        locks = home() / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        turn = lock(locks / "tsne.lock")
        if turn is None:
            return self._is_locked()
        held = lock(self.folder / "lock")
        try:
            if held is not None and self._read("map.npy") is None:
                self._launch(owner, turn, held)
        finally:
            for descriptor in filter(None, (held, turn)):
                os.close(descriptor)
        return True

    def _launch(self, owner: str, turn: int, held: int) -> None:
        """Start the process, which inherits both locks, so that there is no moment without a holder."""
        self._forget_oldest()
        for left in ("partial.npy", "failed.txt", "cancelled", "pid"):
            (self.folder / left).unlink(missing_ok=True)
        write_text(self.folder / OWNER, owner)
        sign(held)
        options = ["--seed", str(self.seed), "--perplexity", str(self.perplexity)]
        process = subprocess.Popen(
            [sys.executable, "-m", "genmodels.latent.tsne", str(self.codes_folder), *options],
            cwd=PROJECT,
            env=for_workers(),
            pass_fds=[turn, held],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        write_text(self.folder / "pid", str(process.pid))
        threading.Thread(target=process.wait, daemon=True).start()

    def _forget_oldest(self) -> None:
        """Make room for this map beside others of the same codes."""
        maps = sorted(self.codes_folder.glob("tsne-*"), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in [folder for folder in maps if folder != self.folder][MOST_MAPS - 1 :]:
            shutil.rmtree(old, ignore_errors=True)

    @property
    def owner(self) -> str:
        """For whom it is being computed; empty for nobody in particular."""
        try:
            return (self.folder / OWNER).read_text(encoding="utf-8")
        except OSError:
            return ""

    def cancel(self) -> None:
        """End the process that computes it, if there is one."""
        if self._is_locked():
            (self.folder / "cancelled").touch()
            with suppress(OSError, ValueError, psutil.Error):
                if process := holder(self.folder / "lock", int((self.folder / "pid").read_text())):
                    process.terminate()

    def look(self) -> Progress:
        """Where the points are by now."""
        running = self._is_locked()  # first: it may be done between two looks, but not begin by itself
        done = self._read("map.npy")
        if done is not None:
            return Progress("done", done, 1.0)
        partial = self._read("partial.npy", more=1)
        if running:
            if partial is None:
                return Progress("running")
            return Progress("running", partial[:-1], float(partial[-1, 0]) / ITERATIONS)
        with suppress(OSError), (self.folder / "failed.txt").open(encoding="utf-8", errors="replace") as reason:
            return Progress("failed", error=reason.read(LONGEST_ERROR))
        return Progress("cancelled" if (self.folder / "cancelled").exists() else "missing")

    def compute(self) -> np.ndarray:
        """Compute it here, writing where the points are now and then; (N, 2), the same at every call on one machine."""
        from openTSNE import TSNE

        codes = latent_codes.load(self.codes_folder)
        if codes is None or len(codes) < FEWEST:
            raise ValueError(f"t-SNE needs at least {FEWEST} images: choose more of them.")
        if len(codes) > MOST:
            raise ValueError(f"t-SNE takes at most {MOST:,} images: choose fewer of them.")

        began = time.monotonic()
        steps = itertools.count(SHOWN_EVERY, SHOWN_EVERY)  # openTSNE counts each of its two phases for itself

        def show(iteration: int, error: float, embedding: np.ndarray) -> None:
            if time.monotonic() - began > MOST_SECONDS:
                raise ValueError(f"t-SNE has taken more than {MOST_SECONDS / 60:g} minutes: choose fewer images.")
            # The last row tells how far it is, so that one file says both.
            self._write("partial.npy", np.vstack([embedding, [min(next(steps), ITERATIONS), 0]]))

        tsne = TSNE(
            perplexity=fitting_perplexity(self.perplexity, len(codes)),
            early_exaggeration_iter=EXAGGERATED,
            n_iter=REFINED,
            theta=ANGLE,
            initialization="pca" if codes.mu.shape[1] > 1 else "random",
            neighbors="exact" if len(codes) <= EXACT_POINTS else "approx",
            n_jobs=min(cores(), max(2, cores() // 2)),  # a visitor of a server does not get all of its cores
            random_state=self.seed,
            callbacks=show,
            callbacks_every_iters=SHOWN_EVERY,
        )
        points = np.asarray(tsne.fit(codes.mu), np.float32)
        self._write("map.npy", points)
        (self.folder / "partial.npy").unlink(missing_ok=True)
        return points

    def transform(self, mu: np.ndarray) -> np.ndarray:
        """Embed new codes (M, D) into the finished map, whose points stay where they are: (M, 2)."""
        from openTSNE import TSNEEmbedding
        from openTSNE.affinity import PerplexityBasedNN

        codes, points = latent_codes.load(self.codes_folder), self._read("map.npy")
        if codes is None or points is None:
            raise FileNotFoundError("The map is not finished: wait for it, then place new images.")
        affinities = PerplexityBasedNN(
            codes.mu,
            perplexity=fitting_perplexity(self.perplexity, len(codes)),
            method="exact" if len(codes) <= EXACT_POINTS else "approx",
            random_state=self.seed,
        )
        embedding = TSNEEmbedding(points, affinities, random_state=self.seed)
        return np.asarray(embedding.transform(mu.astype(codes.mu.dtype), perplexity=min(5, len(codes) / 3)))

    def _is_locked(self) -> bool:
        return is_held(self.folder / "lock")

    def _read(self, name: str, more: int = 0) -> np.ndarray | None:
        """A point for each of the codes, and so many ``more``; None where the file has anything else, as a stranger's may."""
        rows = latent_codes.count(self.codes_folder) + more
        return arrays.load_one(self.folder / name, POINTS, N=rows, P=2)

    def _write(self, name: str, array: np.ndarray) -> None:
        self.folder.mkdir(exist_ok=True)
        with replacing(self.folder / name) as temporary, temporary.open("wb") as file:
            np.save(file, array.astype(np.float32))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m genmodels.latent.tsne", description="Make a t-SNE map of codes.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the codes, beside which the map is kept")
    parser.add_argument("--seed", type=int, default=0, help="of the optimisation [default 0]")
    parser.add_argument("--perplexity", type=float, default=30.0, help="of the neighbours of a point [default 30]")
    options = parser.parse_args()
    os.nice(KINDNESS)
    tsne = Map(options.folder, options.seed, options.perplexity)
    try:
        tsne.compute()
    except Exception as error:
        sentence = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        write_text(tsne.folder / "failed.txt", sentence)
        sys.exit(1)


if __name__ == "__main__":
    main()
