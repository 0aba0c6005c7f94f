"""Maps of the codes: made in a process of their own, one at a time on a machine, see ``genmodels.storage.background``. Free of torch."""

import argparse
import sys
from abc import abstractmethod
from pathlib import Path
from typing import ClassVar

import numpy as np

from genmodels.language import N_
from genmodels.latent import codes as latent_codes
from genmodels.storage import arrays
from genmodels.storage.background import Background, keep_newest
from genmodels.storage.files import replacing

POINTS = arrays.Form(np.float32, "NP")
FEWEST = 4  # points that a map can do something with
MOST_SECONDS = 900.0  # of one computation: several times what the most points take two idle cores
MOST_MAPS = 20  # of a kind kept of the same codes


class Embedding(Background[np.ndarray]):
    """Codes on a plane by one method, whose module has its name, and for one choice of its ``settings``; kept beside the codes in
    ``folder``.

    What it finds is where the points are, (N, P).
    """

    method: ClassVar[str]
    most: ClassVar[int]  # points that it is given
    dimensions = 2  # P, of the map
    kind, partial, less = "map", "partial.npy", N_("choose fewer images")

    def __init__(self, folder: Path, **settings: float) -> None:
        self.codes_folder, self.settings = folder, settings
        named = (f"-{name}{value:g}" for name, value in settings.items())
        super().__init__(folder / f"{self.method}{''.join(named)}")

    @abstractmethod
    def embed(self, mu: np.ndarray) -> np.ndarray:
        """The map of the codes (N, D), (N, P), the same at every call on one machine; ``show`` is told how it gets there."""

    @abstractmethod
    def known(self) -> np.ndarray | None:
        """The codes (N, D) that have places on it; None where they cannot be read."""

    @abstractmethod
    def count(self) -> int:
        """How many they are, N."""

    def command(self) -> list[str]:
        options = [text for name, value in self.settings.items() for text in (f"--{name}", f"{value:g}")]
        return [sys.executable, "-m", f"genmodels.latent.{self.method}", str(self.codes_folder), *options]

    def make_room(self) -> None:
        others = [folder for folder in self.codes_folder.glob(f"{self.method}-*") if folder != self.folder]
        keep_newest(others, MOST_MAPS - 1)

    def finished_result(self) -> np.ndarray | None:
        return self._read(latent_codes.MAP)

    def partial_result(self) -> tuple[np.ndarray, float] | None:
        partial = self._read(self.partial, more=1)
        return None if partial is None else (partial[:-1], float(partial[-1, 0]))

    def compute(self) -> np.ndarray:
        """Compute it here, writing where the points are now and then; (N, P)."""
        codes = self.known()
        if codes is None or len(codes) < FEWEST:
            raise ValueError(
                N_("{title} needs at least {fewest} images: choose more of them.", title=self.title, fewest=FEWEST)
            )
        if len(codes) > self.most:
            raise ValueError(
                N_("{title} takes at most {most:,} images: choose fewer of them.", title=self.title, most=self.most)
            )
        points = np.asarray(self.embed(codes), np.float32)
        if not arrays.moderate(points):
            raise ValueError(
                N_("{title} finds no place for some of these codes: look at the PCA map.", title=self.title)
            )
        self._write(latent_codes.MAP, points)
        (self.folder / self.partial).unlink(missing_ok=True)
        return points

    def show(self, points: np.ndarray, share: float) -> None:
        """Where the points (N, P) are by now, after a ``share`` of the way; raises ``ValueError`` when it has taken too long."""
        self.must_be_within(MOST_SECONDS)
        # The last row tells how far it is, so that one file says both.
        self._write(self.partial, np.vstack([points, np.full(self.dimensions, min(share, 1.0))]))

    def _read(self, name: str, more: int = 0) -> np.ndarray | None:
        """A point for each of the codes, and so many ``more``; None where the file has anything else, as a stranger's may."""
        return arrays.load_one(self.folder / name, POINTS, N=self.count() + more, P=self.dimensions)

    def _write(self, name: str, array: np.ndarray) -> None:
        self.folder.mkdir(exist_ok=True)
        with replacing(self.folder / name) as temporary, temporary.open("wb") as file:
            np.save(file, array.astype(np.float32))


class Map(Embedding):
    """The map of the codes in ``folder``."""

    @abstractmethod
    def transform(self, mu: np.ndarray) -> np.ndarray:
        """Embed new codes (M, D) into the finished map, whose points stay where they are: (M, P)."""

    def known(self) -> np.ndarray | None:
        codes = latent_codes.load(self.codes_folder)
        return None if codes is None else codes.mu

    def count(self) -> int:
        return latent_codes.count(self.codes_folder)

    def finished(self) -> tuple[np.ndarray, np.ndarray]:
        """The codes (N, D) and their points (N, P); raises ``FileNotFoundError`` before there are any."""
        codes, points = self.known(), self.finished_result()
        if codes is None or points is None:
            raise FileNotFoundError(N_("The map is not finished: wait for it, then place new images."))
        return codes, points


def parser(method: type[Embedding]) -> argparse.ArgumentParser:
    """What every process of a map is told; a method adds its own settings."""
    prog = f"python -m genmodels.latent.{method.method}"
    found = argparse.ArgumentParser(prog=prog, description=f"Make a {method.title} map of codes.")
    found.add_argument("folder", type=Path, metavar="FOLDER", help="the codes, beside which the map is kept")
    found.add_argument("--seed", type=int, default=0, help="of the optimisation [default 0]")
    return found
