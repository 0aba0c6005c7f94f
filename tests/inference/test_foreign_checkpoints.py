"""Checkpoints that are whole and do not belong to the run: refused in one sentence, and left where they are."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from accelerate.state import AcceleratorState
from safetensors.torch import save_file
from torch import Tensor

from genmodels.checkpoints import checkpoint, integrity
from genmodels.errors import UserError
from genmodels.inference.load import load_model
from genmodels.inference.restore import LoadError
from genmodels.storage.paths import PROJECT
from genmodels.training.trainer import Trainer
from tests.support.training import Memory, quicken, tiny, train


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a run of two epochs."""
    quicken(monkeypatch)
    train(tiny(), tmp_path)
    (tmp_path / "config.json").write_text(tiny().model_dump_json())
    yield tmp_path
    AcceleratorState._reset_state()


def rename(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {prefix + name: tensor for name, tensor in tensors.items()}


def alter(folder: Path, kind: str) -> None:
    """Both checkpoints become others, each with the right digests, as by somebody who means it well."""
    for path in (folder / "checkpoints").iterdir():
        found = checkpoint.load(path)
        tensors = found.weights
        if kind == "of another run":
            tensors = {name: tensor.flatten()[:3].clone() for name, tensor in tensors.items()}
        elif kind == "of another version":
            document = {"format": 99, "step": found.step, "state": found.state}
            sealed = document | {"sha256": integrity._digests(path, document)}
            (path / checkpoint.STATE).write_text(json.dumps(sealed))
            continue
        else:
            tensors = rename(tensors, "module." if kind == "of wrapped networks" else "foreign.")
        save_file(tensors, path / checkpoint.WEIGHTS)
        integrity.seal(path, found.step, found.state)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("of another run", "is of another run or version: put back"),
        ("of wrapped networks", "is of another run or version: put back"),
        ("of another program", "is of another run or version: put back"),
        ("of another version", "was written by another version (format 99); use that one."),
    ],
)
def test_a_foreign_checkpoint_is_refused_and_stays(trained: Path, kind: str, sentence: str):
    alter(trained, kind)
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    with pytest.raises(UserError) as caught:
        Trainer(tiny(epochs=3), trained, Memory())
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError) as caught:
        load_model(str(trained))
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()} == before


def test_weights_of_a_pretrained_model_that_are_a_pickle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from tests.support.helpers import Malicious

    folder = tmp_path / "model"
    shutil.copytree(PROJECT / "checkpoints" / "vae-mnist", folder)
    torch.save({"w": Malicious()}, folder / "weights.safetensors")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LoadError, match="model is damaged: fetch the checkpoint again"):
        load_model(str(folder))
    assert not (tmp_path / "ran").exists()
