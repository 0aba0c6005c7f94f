"""Maps of the codes: made in a process of their own, kept on disk, one at a time on a machine. Free of torch.

The process of a map reads the codes in a folder and writes where the points are by now, then where they end. It holds two locks,
the map's and the machine's, so that nothing is computed twice and one map at a time; the kernel frees them when it dies.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import psutil

from genmodels.latent import codes as latent_codes
from genmodels.machine import cores
from genmodels.settings import for_workers
from genmodels.storage import arrays
from genmodels.storage.files import is_held, lock, replacing, write_text
from genmodels.storage.host_lock import holder, sign
from genmodels.storage.paths import PROJECT, home

POINTS = arrays.Form(np.float32, "NP")
FEWEST = 4  # points that a map can do something with
MOST_SECONDS = 900.0  # of one computation: several times what the most points take two idle cores
MOST_BYTES = 4 * 2**30  # of memory
OWNER = ".owner"  # hidden, so that no zip holds it
MOST_MAPS = 20  # of a kind kept of the same codes
LONGEST_ERROR = 500  # characters: it may have come in a zip
KINDNESS = 10  # a map gives way to training by so much, see nice(2), and leaves it half of the cores


def threads() -> int:
    """How many a map computes with: a visitor of a server does not get all of its cores."""
    return min(cores(), max(2, cores() // 2))


@dataclass(frozen=True)
class Progress:
    """How far a map is. ``points``: (N, P), or None before the first are there; ``share`` is from 0 to 1."""

    state: Literal["missing", "running", "cancelled", "done", "failed"]
    points: np.ndarray | None = None
    share: float = 0.0
    error: str = ""


class Map(ABC):
    """The map of the codes in ``folder`` by one method, whose module has its name, and for one choice of its ``settings``."""

    method: ClassVar[str]
    title: ClassVar[str]  # what readers call the method
    most: ClassVar[int]  # points that it is given
    dimensions = 2  # P, of the map

    def __init__(self, folder: Path, **settings: float) -> None:
        self.codes_folder, self.settings = folder, settings
        named = (f"-{name}{value:g}" for name, value in settings.items())
        self.folder = folder / f"{self.method}{''.join(named)}"

    @abstractmethod
    def embed(self, mu: np.ndarray) -> np.ndarray:
        """The map of the codes (N, D), (N, P), the same at every call on one machine; ``show`` is told how it gets there."""

    @abstractmethod
    def transform(self, mu: np.ndarray) -> np.ndarray:
        """Embed new codes (M, D) into the finished map, whose points stay where they are: (M, P)."""

    def start(self, owner: str = "") -> bool:
        """Have it computed in the background for ``owner``, unless it is there or somebody is at it.

        False where another map is being computed on this machine: ask again when that is done. Raises ``FileNotFoundError``
        without codes.
        """
        self.folder.mkdir(exist_ok=True)
        # The machine's first, which has the lower number then: the kernel frees it before that by which a map is seen to end.
        locks = home() / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        turn = lock(locks / "map.lock")
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
        process = subprocess.Popen(
            self.command(),
            cwd=PROJECT,
            env=environment(),
            pass_fds=[turn, held],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        write_text(self.folder / "pid", str(process.pid))
        threading.Thread(target=process.wait, daemon=True).start()

    def command(self) -> list[str]:
        """The process that computes it."""
        options = [text for name, value in self.settings.items() for text in (f"--{name}", f"{value:g}")]
        return [sys.executable, "-m", f"genmodels.latent.{self.method}", str(self.codes_folder), *options]

    def _forget_oldest(self) -> None:
        """Make room for this map beside others of the same codes."""
        maps = self.codes_folder.glob(f"{self.method}-*")
        newest_first = sorted(maps, key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in [folder for folder in newest_first if folder != self.folder][MOST_MAPS - 1 :]:
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
        if running:
            partial = self._read("partial.npy", more=1)
            if partial is None:
                return Progress("running")
            return Progress("running", partial[:-1], float(partial[-1, 0]))
        with suppress(OSError), (self.folder / "failed.txt").open(encoding="utf-8", errors="replace") as reason:
            return Progress("failed", error=reason.read(LONGEST_ERROR))
        return Progress("cancelled" if (self.folder / "cancelled").exists() else "missing")

    def compute(self) -> np.ndarray:
        """Compute it here, writing where the points are now and then; (N, P)."""
        codes = latent_codes.load(self.codes_folder)
        if codes is None or len(codes) < FEWEST:
            raise ValueError(f"{self.title} needs at least {FEWEST} images: choose more of them.")
        if len(codes) > self.most:
            raise ValueError(f"{self.title} takes at most {self.most:,} images: choose fewer of them.")
        self._began = time.monotonic()
        points = np.asarray(self.embed(codes.mu), np.float32)
        if not arrays.moderate(points):
            raise ValueError(f"{self.title} finds no place for some of these codes: look at the PCA map.")
        self._write("map.npy", points)
        (self.folder / "partial.npy").unlink(missing_ok=True)
        return points

    def show(self, points: np.ndarray, share: float) -> None:
        """Where the points (N, P) are by now, after a ``share`` of the way; raises ``ValueError`` when it has taken too long."""
        if time.monotonic() - self._began > MOST_SECONDS:
            raise ValueError(f"{self.title} has taken more than {MOST_SECONDS / 60:g} minutes: choose fewer images.")
        # The last row tells how far it is, so that one file says both.
        self._write("partial.npy", np.vstack([points, np.full(self.dimensions, min(share, 1.0))]))

    def finished(self) -> tuple[np.ndarray, np.ndarray]:
        """The codes (N, D) and their points (N, P); raises ``FileNotFoundError`` before there are any."""
        codes, points = latent_codes.load(self.codes_folder), self._read("map.npy")
        if codes is None or points is None:
            raise FileNotFoundError("The map is not finished: wait for it, then place new images.")
        return codes.mu, points

    def _is_locked(self) -> bool:
        return is_held(self.folder / "lock")

    def _read(self, name: str, more: int = 0) -> np.ndarray | None:
        """A point for each of the codes, and so many ``more``; None where the file has anything else, as a stranger's may."""
        rows = latent_codes.count(self.codes_folder) + more
        return arrays.load_one(self.folder / name, POINTS, N=rows, P=self.dimensions)

    def _write(self, name: str, array: np.ndarray) -> None:
        self.folder.mkdir(exist_ok=True)
        with replacing(self.folder / name) as temporary, temporary.open("wb") as file:
            np.save(file, array.astype(np.float32))


def environment() -> dict[str, str]:
    """That of a process that computes a map, which keeps to its share of the cores."""
    return {"OMP_NUM_THREADS": str(threads()), "NUMBA_NUM_THREADS": str(threads())} | for_workers()


def parser(method: type[Map]) -> argparse.ArgumentParser:
    """What every process of a map is told; a method adds its own settings."""
    prog = f"python -m genmodels.latent.{method.method}"
    found = argparse.ArgumentParser(prog=prog, description=f"Make a {method.title} map of codes.")
    found.add_argument("folder", type=Path, metavar="FOLDER", help="the codes, beside which the map is kept")
    found.add_argument("--seed", type=int, default=0, help="of the optimisation [default 0]")
    return found


def give_way() -> None:
    """Have this process compute behind training, and within bounds of memory."""
    os.nice(KINDNESS)
    with suppress(OSError, ValueError):  # a lower bound may hold already
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def work(made: Map) -> None:
    """What the process of a map does: compute it, or write down why that cannot be."""
    give_way()
    try:
        made.compute()
    except Exception as error:
        made.folder.mkdir(exist_ok=True)
        write_text(made.folder / "failed.txt", _sentence(made, error))
        sys.exit(1)


def _sentence(made: Map, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return f"{made.title} needs more than {MOST_BYTES / 2**30:g} GB of memory: choose fewer images."
    return str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
