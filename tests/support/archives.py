"""Runs as zips, for the tests of the archive."""

import io
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from genmodels.checkpoints import code_history
from genmodels.checkpoints.integrity import TRAINING, WEIGHTS, seal
from genmodels.config.families import VAEConfig
from genmodels.runs.archive import ArchiveError, pack, unpack
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.helpers import tree


def a_run(store: Store, dataset: str = "mnist-sample", images: str = "", **values: Any) -> Run:
    """One with everything that a run can have, as if it had trained."""
    run = store.create(
        VAEConfig.model_validate({"dataset": dataset, "folder": images, "epochs": 2}).model_dump(),
        "A name with ü",
        "python train.py vae --epochs 2",
    )
    folder = store.folder(run.id)
    for step in range(1, 6):
        store.add_metrics(run.id, step, step / 4, {"train/neg_elbo": 500 + 0.1 * step, "test/neg_elbo": 1 / step})
    store.add_event(run.id, "Something happened: 'quoted', ü", "warning")
    store.update(
        run.id,
        **{"state": "finished", "step": 5, "total_steps": 5, "epoch": 1.25, "environment": {"torch": "2"}} | values,
    )
    store.describe(run.id, note="a note, ü", pinned=True, tags=["a tag, ü"])
    for step in (4, 5):
        add_checkpoint(folder, step)
    (folder / "pictures").mkdir()
    Image.new("L", (20, 20)).save(folder / "pictures" / "samples-00000005.png")
    codes = folder / "latents" / "step-00000005-test-2000"
    codes.mkdir(parents=True)
    np.savez_compressed(codes / "codes.npz", mu=np.zeros((10, 2)))
    code_history.save(folder, 5, np.zeros((10, 2)))
    (folder / "worker.log").write_text("nothing to complain of\n")
    (folder / "worker.lock").touch()
    found = store.get(run.id)
    assert found is not None
    return found


def add_checkpoint(folder: Path, step: int) -> None:
    path = folder / "checkpoints" / f"step-{step:08d}"
    path.mkdir(parents=True)
    for name in (WEIGHTS, TRAINING):
        save_file({"w": np.full((40, 3), step, np.float32)}, path / name)
    seal(path, step, {"seconds": 1.5})


def zipped(store: Store, run: Run) -> bytes:
    buffer = io.BytesIO()
    pack(store, run.id, buffer)
    return buffer.getvalue()


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def rezipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return buffer.getvalue()


def refusal(data: bytes) -> str:
    """The sentence with which a zip is refused, after which everything is as it was before."""
    store = Store()
    present = store.create(VAEConfig().model_dump())
    store.add_metrics(present.id, 1, 0.1, {"train/kl": 1.0})

    def everything() -> tuple:
        with sqlite3.connect(store.path) as connection:
            return tree(store.runs_folder), list(connection.iterdump())

    before = everything()
    with pytest.raises(ArchiveError) as caught:
        unpack(store, io.BytesIO(data))
    assert everything() == before
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.fixture
def packed(tmp_path: Path) -> tuple[Run, bytes]:
    """A run of another machine, and its zip."""
    store = Store(tmp_path / "elsewhere")
    run = a_run(store)
    return run, zipped(store, run)
