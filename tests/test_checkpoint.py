"""Checkpoints: whole or not there, and no pickle."""

import pickle
from pathlib import Path

import pytest
import torch

from genmodels import checkpoint
from genmodels.checkpoint import Checkpoint, CheckpointError


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


def test_what_a_killed_save_left_is_harmless_and_goes_at_the_next(tmp_path: Path):
    left = tmp_path / ".writing-00000002-123"
    left.mkdir()
    (left / checkpoint.WEIGHTS).write_bytes(b"half")
    assert checkpoint.latest(tmp_path) == (None, [])
    checkpoint.save(tmp_path, some(3))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000003"]


class Malicious:
    def __reduce__(self):
        return Path.touch, (Path("ran"),)


@pytest.mark.parametrize("name", [checkpoint.WEIGHTS, checkpoint.TRAINING, checkpoint.STATE])
def test_a_pickle_is_refused_and_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.chdir(tmp_path)
    path = checkpoint.save(tmp_path / "checkpoints", some(1))
    (path / name).write_bytes(pickle.dumps(Malicious()))
    with pytest.raises(CheckpointError):
        checkpoint.load(path)
    assert not Path("ran").exists()


def test_optimisers_come_back_with_their_moments():
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        layer(torch.randn(2, 3, 8, 8)).square().sum().backward()
        optimizer.step()
    tensors, options = checkpoint.pack_optimizers({"a": optimizer})
    other = torch.optim.Adam(layer.parameters(), lr=0.5)
    checkpoint.unpack_optimizers({"a": other}, checkpoint.to_cpu(tensors), options)
    for parameter in layer.parameters():
        for key, value in optimizer.state[parameter].items():
            assert torch.equal(other.state[parameter][key], value)
    assert other.param_groups[0]["lr"] == 0.1
