"""Checkpoints: whole or not there, and no pickle."""

import hashlib
import json
import pickle
import resource
from pathlib import Path

import pytest
import torch

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.checkpoint import Checkpoint, CheckpointError
from genmodels.data.transfer import HostCopy
from tests.support.helpers import Malicious


def some(step: int) -> Checkpoint:
    weights = {"w": torch.full((4, 3), float(step))}
    return Checkpoint(step, weights, {"noise": torch.arange(10, dtype=torch.uint8)}, {"seconds": 1.5})


def test_what_is_saved_comes_back(tmp_path: Path):
    checkpoint.save(tmp_path, some(7))
    found, passed_over = checkpoint.latest(tmp_path)
    assert found is not None
    assert passed_over == []
    assert (found.step, found.state) == (7, {"seconds": 1.5})
    assert torch.equal(found.weights["w"], some(7).weights["w"])
    assert torch.equal(found.training["noise"], some(7).training["noise"])


def test_the_newest_two_are_kept(tmp_path: Path):
    for step in (1, 2, 3, 10):
        checkpoint.save(tmp_path, some(step))
    assert checkpoint.steps(tmp_path) == [3, 10]


def test_without_any_there_is_none(tmp_path: Path):
    assert checkpoint.latest(tmp_path / "nothing") == (None, [])


@pytest.mark.parametrize("name", [checkpoint.WEIGHTS, checkpoint.TRAINING, checkpoint.STATE])
@pytest.mark.parametrize("damage", ["cut short", "emptied", "removed", "a byte changed"])
def test_a_damaged_one_is_passed_over_for_the_one_before(tmp_path: Path, name: str, damage: str):
    checkpoint.save(tmp_path, some(1))
    file = checkpoint.save(tmp_path, some(2)) / name
    whole = file.read_bytes()
    if damage == "removed":
        file.unlink()
    elif damage == "a byte changed":
        file.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    else:
        file.write_bytes(whole[: len(whole) // 2] if damage == "cut short" else b"")
    found, passed_over = checkpoint.latest(tmp_path)
    assert found is not None
    assert found.step == 1
    (sentence,) = passed_over
    assert "step-00000002 is" in sentence


def test_a_full_disk_leaves_the_others_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    checkpoint.save(tmp_path, some(1))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoint.save(tmp_path, some(2))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]


def test_a_disk_that_is_full_in_earnest_raises_oserror(tmp_path: Path):
    """safetensors has an error of its own for it; a limit on the size of files stands in for the full disk."""
    checkpoint.save(tmp_path, some(1))
    large = Checkpoint(2, {"w": torch.zeros(100_000)}, {}, {})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            checkpoint.save(tmp_path, large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]


def test_no_changed_byte_in_the_state_goes_unnoticed(tmp_path: Path):
    """Such as another step, or another learning rate: each is valid JSON."""
    checkpoint.save(tmp_path, some(11))
    written = some(12)
    file = checkpoint.save(tmp_path, Checkpoint(12, written.weights, written.training, {"lr": 0.0125, "n": 3}))
    whole = (file / checkpoint.STATE).read_bytes()
    for place in range(len(whole)):
        (file / checkpoint.STATE).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        found, passed_over = checkpoint.latest(tmp_path)
        assert found is not None
        assert (found.step, len(passed_over)) == (11, 1), place


def test_those_that_training_went_back_behind_make_room(tmp_path: Path):
    """Else the newest two would be kept, which are damaged, and what is saved would be removed at once."""
    for step in (20, 30):
        (checkpoint.save(tmp_path, some(step)) / checkpoint.WEIGHTS).write_bytes(b"")
    for step, kept in ((5, [5]), (10, [5, 10]), (15, [10, 15])):
        checkpoint.save(tmp_path, some(step))
        assert checkpoint.steps(tmp_path) == kept


def test_what_a_killed_save_left_is_harmless_and_goes_at_the_next(tmp_path: Path):
    left = tmp_path / ".writing-00000002-123"
    left.mkdir()
    (left / checkpoint.WEIGHTS).write_bytes(b"half")
    assert checkpoint.latest(tmp_path) == (None, [])
    checkpoint.save(tmp_path, some(3))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000003"]


@pytest.mark.parametrize("name", [checkpoint.WEIGHTS, checkpoint.TRAINING, checkpoint.STATE])
def test_a_pickle_is_refused_and_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.chdir(tmp_path)
    path = checkpoint.save(tmp_path / "checkpoints", some(1))
    (path / name).write_bytes(pickle.dumps(Malicious()))
    with pytest.raises(CheckpointError):
        checkpoint.load(path)
    if name != checkpoint.STATE:  # with its digest put right, by somebody who means it
        state = json.loads((path / checkpoint.STATE).read_text())
        state["sha256"][name] = hashlib.sha256((path / name).read_bytes()).hexdigest()
        (path / checkpoint.STATE).write_text(json.dumps(state))
        with pytest.raises(CheckpointError, match="cannot be read"):
            checkpoint.load(path)
    assert not Path("ran").exists()


def test_optimisers_come_back_with_their_moments():
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        layer(torch.randn(2, 3, 8, 8)).square().sum().backward()
        optimizer.step()
    tensors, options = checkpoint.pack_optimizers({"a": optimizer})
    other = torch.optim.Adam(layer.parameters(), lr=0.5)
    checkpoint.unpack_optimizers({"a": other}, HostCopy(tensors).wait(), options)
    for parameter in layer.parameters():
        for key, value in optimizer.state[parameter].items():
            assert torch.equal(other.state[parameter][key], value)
    assert other.param_groups[0]["lr"] == 0.1
