"""What several tests need."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import psutil
import pytest
from PIL import Image

from genmodels.config.base import RunConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.load import load_dataset
from genmodels.errors import DataError
from genmodels.runs.run import LOCK
from genmodels.runs.store import Run, Store
from genmodels.storage.callbacks import Report
from genmodels.storage.files import is_held
from genmodels.training.trainer import Trainer

Found = TypeVar("Found")


def wait_until(true: Callable[[], Found], seconds: float = 120) -> Found:
    """Poll until ``true()``, which may fail with ``OSError`` meanwhile, and return what it gave; raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):  # the server does not listen yet
            if found := true():
                return found
        time.sleep(0.05)
    raise TimeoutError("it did not happen in time")


def see(store: Store, run: Run) -> Run:
    """A run as the store has it now."""
    found = store.get(run.id)
    assert found is not None
    return found


def is_free(store: Store, run: Run) -> bool:
    """Whether no worker has the run."""
    return not is_held(store.folder(run.id) / LOCK)


def close(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether images are the same, whatever batch they were made in."""
    return bool(np.abs(a.astype(int) - b).max() <= 1)


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything under ``folder``, with what changes when it is written to."""
    stats = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}
    return {name: (stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


def refusal(name: str = "folder", **options: Any) -> str:
    """The one line that the user is told when the images cannot be had."""
    with pytest.raises(DataError) as caught:
        load_dataset(name, "train", **{"image_size": 28, "channels": 1} | options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def children_running(module: str) -> list[psutil.Process]:
    """The processes of ``python -m MODULE`` that this one has started."""
    running = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has ended since they were listed; a zombie counts as ended too
            if module in child.cmdline():
                running.append(child)
    return running


def is_running(process: psutil.Process) -> bool:
    """Whether it does anything yet: one that has ended is a zombie until its parent has asked."""
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def end_worker(store: Store, run_id: str) -> None:
    """Kill a run's worker, once it has told its process's number, and wait until the kernel has freed its lock."""

    wait_until(lambda: _kill_worker(store, run_id))


def _kill_worker(store: Store, run_id: str) -> bool:
    """Signal the worker, if it holds the run's lock and has told its number; whether it was gone already."""
    gone, run = not is_held(store.folder(run_id) / LOCK), store.get(run_id)
    if not gone and run is not None and run.pid not in (None, os.getpid()):
        with suppress(ProcessLookupError):
            os.kill(run.pid, signal.SIGKILL)
    return gone


def end_workers(root: Path) -> None:
    """All of a store, those that wait for their turn too."""
    store = Store(root)
    runs = store.alive()
    for run in runs:  # all at once: one that waits would find those before it interrupted
        _kill_worker(store, run.id)
    for run in runs:
        end_worker(store, run.id)


def looks_meanwhile(look: Callable[[], Found], change: Callable[[], Any], times: int = 300) -> list[Found]:
    """What ``look()`` gives, again and again, while another thread calls ``change()`` so often."""

    def change_often() -> None:
        for _ in range(times):
            change()

    found = []
    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change_often)
        while not changing.done():
            found.append(look())
        changing.result()
    return found


def come_and_go(folder: Path) -> None:
    """What others do to ``folder``: they add a folder with an image, and remove it."""
    part = folder / "part"
    part.mkdir()
    (part / "samples-00000001.png").touch()
    shutil.rmtree(part)


class Malicious:
    """As a pickle, it leaves a file ``ran`` where it is loaded."""

    def __reduce__(self):
        return Path.touch, (Path("ran"),)


def finished(config: RunConfig) -> Run:
    """A run in the store that has been trained to its end; of one config, every test of a process has the same training.

    A test that cuts the sets of images (``training.quicken``) has its own.
    """
    store = Store()
    run = store.create(config.model_dump())
    folder, steps = _trained(config, load.load_dataset)
    shutil.copytree(folder.name, store.folder(run.id), dirs_exist_ok=True)
    store.update(run.id, state="finished", step=steps, total_steps=steps, epoch=float(config.epochs), seconds=60.0)
    store.save_copy(run.id)
    return run


@cache
def _trained(config: RunConfig, source: Callable[..., Dataset]) -> tuple[TemporaryDirectory, int]:
    """The folder of a finished training on the images of ``source``, which goes with this process, and its steps."""
    folder = TemporaryDirectory()
    trainer = Trainer(config, Path(folder.name), Report())
    assert trainer.run() == "finished"
    return folder, trainer.total_steps


def drawn_strips(monkeypatch: pytest.MonkeyPatch, *modules: str) -> dict[str, np.ndarray]:
    """What these modules of ``genmodels.ui`` will draw as strips, by what each is said to show."""
    drawn: dict[str, np.ndarray] = {}
    for module in modules:
        monkeypatch.setattr(f"genmodels.ui.{module}.strip", lambda images, alt, **options: drawn.update({alt: images}))
    return drawn


def marked(image: Image.Image) -> Image.Image:
    """A plain image with its left half in black, or in white where it is black, so that it shows something."""
    black: Any = {"RGB": (0, 0, 0), "RGBA": (0, 0, 0, 255), "LA": (0, 255), "CMYK": (0, 0, 0, 255)}.get(image.mode, 0)
    white = 1 if image.mode == "1" else 255
    shows = image.copy()
    shows.paste(white if image.getpixel((0, 0)) == black == 0 else black, (0, 0, image.width // 2, image.height))
    return shows
