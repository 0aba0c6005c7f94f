"""What several tests need."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from genmodels.config.base import RunConfig
from genmodels.data.load import load_dataset
from genmodels.errors import DataError
from genmodels.runs.store import Run, Store
from genmodels.storage.callbacks import Report
from genmodels.training.trainer import Trainer


def wait_until(true: Callable[[], Any], seconds: float = 120) -> None:
    """Poll until ``true()``, which may fail with ``OSError`` meanwhile; raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except OSError:
            pass  # the server does not listen yet
        time.sleep(0.05)
    raise TimeoutError("it did not happen in time")


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
    return [child for child in psutil.Process().children() if module in (child.as_dict(["cmdline"])["cmdline"] or [])]


class Malicious:
    """As a pickle, it leaves a file ``ran`` where it is loaded."""

    def __reduce__(self):
        return Path.touch, (Path("ran"),)


def finished(config: RunConfig) -> Run:
    """A run in the store that has been trained to its end."""
    store = Store()
    run = store.create(config.model_dump())
    trainer = Trainer(config, store.folder(run.id), Report())
    assert trainer.run() == "finished"
    steps = trainer.total_steps
    store.update(run.id, state="finished", step=steps, total_steps=steps, epoch=float(config.epochs), seconds=60.0)
    store.save_copy(run.id)
    return run


def drawn_strips(monkeypatch: pytest.MonkeyPatch, *modules: str) -> dict[str, np.ndarray]:
    """What these modules of ``genmodels.ui`` will draw as strips, by what each is said to show."""
    drawn: dict[str, np.ndarray] = {}
    for module in modules:
        monkeypatch.setattr(f"genmodels.ui.{module}.strip", lambda images, alt, **options: drawn.update({alt: images}))
    return drawn
