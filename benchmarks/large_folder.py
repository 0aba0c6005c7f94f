"""A folder of 200,000 images of one's own: how long they take to be packed, what memory that and training take, and how much of
a step is spent on fetching its batch."""

import io
import os
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image

from benchmarks.training import bare, speed
from genmodels.config.families import DCGANConfig
from genmodels.data.dataset import Dataset
from genmodels.data.load import load_dataset

COUNT, CLASSES = 200_000, 10
CONFIG = DCGANConfig(image_size=64, channels=3, width=32, batch_size=64, device="cpu")
BATCHES = 500
TURN = 8.0  # seconds

Result = TypeVar("Result")


def measure(turns: int) -> dict[str, float]:
    """Seconds, MiB of the process that are not mapped from a file, and the share of a step; ``turns`` of one, since the first
    look at a folder cannot be had twice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "images"
        _fill(folder)
        # A process of its own, so that its memory is that of this work alone.
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return pool.submit(_measure, folder, Path(place) / "home").result()


def _fill(folder: Path) -> None:
    """Photographs' size and format, 100 different pictures; every file is read and decoded for itself all the same."""
    numbers, encoded = np.random.default_rng(0), []
    for _ in range(100):
        small = Image.fromarray(numbers.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        file = io.BytesIO()
        small.resize((CONFIG.image_size, CONFIG.image_size)).save(file, "jpeg")
        encoded.append(file.getvalue())
    for label in range(CLASSES):
        (folder / str(label)).mkdir(parents=True)
    for index in range(COUNT):
        (folder / str(index % CLASSES) / f"{index:06d}.jpg").write_bytes(encoded[index % len(encoded)])


def _measure(folder: Path, home: Path) -> dict[str, float]:
    os.environ["GENMODELS_HOME"] = str(home)

    def load() -> Dataset:
        return load_dataset(
            "folder", "train", image_size=CONFIG.image_size, channels=CONFIG.channels, folder=str(folder)
        )

    def fetch() -> float:
        batches = torch.randperm(len(train)).split(CONFIG.batch_size)[:BATCHES]
        start = time.perf_counter()
        for indices in batches:
            train.batch(indices)
        return (time.perf_counter() - start) / len(batches)

    before = _anonymous()
    train, first, packing = _watched(load)
    train, again, _ = _watched(load)
    batch, _, fetching = _watched(fetch)
    steps = bare(CONFIG)
    speed(steps, CONFIG.batch_size, 1.0)
    step = CONFIG.batch_size / speed(steps, CONFIG.batch_size, TURN)
    return {
        f"first look at {COUNT:,} images, s": first,
        "second look, s": again,
        "packed, MiB": train.images.nbytes / 2**20,
        "memory for packing, MiB": packing - before,
        "memory for fetching batches, MiB": fetching - before,
        "fetching a batch over a bare step": batch / step,
    }


def _watched(do: Callable[[], Result]) -> tuple[Result, float, float]:
    """What ``do`` gives, its seconds, and the most MiB of anonymous memory that the process had meanwhile."""
    most, done = [_anonymous()], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most.append(_anonymous())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        result = do()
    finally:
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return result, seconds, max(most)


def _anonymous() -> float:
    """MiB that are not a file's: Linux alone tells them."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("RssAnon:"))
    return int(kilobytes) / 1024
