"""Checkpoints that are whole and do not belong to the run: refused in one sentence, and left where they are."""

import json
import shutil
from collections.abc import Callable, Iterator
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
        elif kind == "without numbers":
            tensors = {
                name: tensor * torch.nan if tensor.is_floating_point() else tensor for name, tensor in tensors.items()
            }
        elif kind == "beyond all numbers":  # until they are single ones
            tensors = {
                name: tensor.double().sign() * 1e300 if tensor.is_floating_point() else tensor
                for name, tensor in tensors.items()
            }
        elif kind == "of integers":
            tensors = {name: tensor.to(torch.int32) for name, tensor in tensors.items()}
        elif kind == "of another version":
            document = {"format": 99, "step": found.step, "state": found.state}
            sealed = document | {"sha256": integrity._digests(path, document)}
            (path / checkpoint.STATE).write_text(json.dumps(sealed))
            continue
        else:
            tensors = rename(tensors, "foreign.")
        save_file(tensors, path / checkpoint.WEIGHTS)
        integrity.seal(path, found.step, found.state)


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("of another run", "(autoencoder.encoder.layers.0.weight has the shape (3,) in place of (4, 1, "),
        ("of another program", "(foreign.autoencoder.decoder.layers.0.bias is none of its weights)"),
        ("without numbers", "(autoencoder.encoder.layers.0.weight is not finite)"),
        ("beyond all numbers", "(autoencoder.encoder.layers.0.weight is not finite)"),
        ("of integers", "(autoencoder.encoder.layers.0.weight is torch.int32 in place of torch.float32)"),
        ("of another version", "was written by another version (format 99); use that one."),
    ],
)
def test_a_foreign_checkpoint_is_refused_and_stays(trained: Path, kind: str, sentence: str):
    alter(trained, kind)
    before = {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()}
    with pytest.raises(UserError) as caught:
        Trainer(tiny(epochs=3), trained, Memory())
    assert sentence in str(caught.value)
    assert kind == "of another version" or "is of another run or version" in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(UserError) as caught:
        load_model(str(trained))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in trained.rglob("*") if path.is_file()} == before


def reseal(folder: Path, change: Callable[[str], str]) -> None:
    """Give the weights of all checkpoints other names, with the right digests."""
    for path in (folder / "checkpoints").iterdir():
        found = checkpoint.load(path)
        save_file({change(name): tensor for name, tensor in found.weights.items()}, path / checkpoint.WEIGHTS)
        integrity.seal(path, found.step, found.state)


WRAPPED: dict[str, Callable[[str], str]] = {
    "around all": lambda name: f"module.{name}",
    "around each network": lambda name: name.replace("autoencoder.", "autoencoder._orig_mod."),
    "around both": lambda name: f"_orig_mod.{name}".replace("autoencoder.", "autoencoder.module."),
}


@pytest.mark.parametrize("change", WRAPPED.values(), ids=WRAPPED)
def test_weights_of_wrapped_networks_are_taken(trained: Path, change: Callable[[str], str]):
    before = load_model(str(trained)).sample(4, seed=0)
    reseal(trained, change)
    assert torch.equal(load_model(str(trained)).sample(4, seed=0), before)
    assert train(tiny(epochs=3), trained).step > 0


def test_changed_weights_are_called_so(trained: Path):
    for path in (trained / "checkpoints").iterdir():
        file = path / checkpoint.WEIGHTS
        file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(LoadError, match="is not what was written: put back the right one"):
        load_model(str(trained))


FILES: dict[str, tuple[str, str, str]] = {
    "a list for settings": ("config.json", "[]", "put back its config.json, which cannot be read"),
    "brackets without end for settings": (
        "config.json",
        "[" * 100_000,
        "put back its config.json, which cannot be read",
    ),
    "a list for a family": ("config.json", '{"family": []}', "does not fit this version of the program"),
    "brackets without end for a card": ("card.json", "[" * 100_000, "fetch the checkpoint again"),
    "a list for a card": ("card.json", "[]", "fetch the checkpoint again"),
    "a text for a step": ("card.json", '{"step": "x"}', "fetch the checkpoint again"),
    "a list for the name of a model": ("card.json", '{"frozen": {"vae": []}}', "fetch the checkpoint again"),
}


@pytest.mark.parametrize(("name", "text", "sentence"), FILES.values(), ids=FILES)
def test_json_that_says_nothing_of_a_model_is_one_sentence(tmp_path: Path, name: str, text: str, sentence: str):
    folder = tmp_path / "model"
    shutil.copytree(PROJECT / "checkpoints" / "dcgan-mnist", folder, ignore=shutil.ignore_patterns("pictures", "*.npz"))
    (folder / name).write_text(text)
    with pytest.raises(LoadError, match=f"^model .*{sentence}") as caught:
        load_model(folder)
    assert "\n" not in str(caught.value)


def test_weights_of_a_pretrained_model_that_are_a_pickle_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from tests.support.helpers import Malicious

    folder = tmp_path / "model"
    shutil.copytree(PROJECT / "checkpoints" / "vae-mnist", folder)
    torch.save({"w": Malicious()}, folder / "weights.safetensors")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LoadError, match="model is damaged: fetch the checkpoint again"):
        load_model(str(folder))
    assert not (tmp_path / "ran").exists()
