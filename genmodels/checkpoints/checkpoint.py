"""Everything that a run needs to go on, in one folder that is either whole or not there. No pickle anywhere.

``RUN/checkpoints/step-00001234/`` holds ``weights.safetensors`` (networks and their averages), ``training.safetensors``
(optimisers, random generators, open sums) and ``state.json`` (step, optimiser options, and the digests of the two others).
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.optim import Optimizer

from genmodels.checkpoints.integrity import STATE, TRAINING, WEIGHTS, CheckpointError, VersionError, seal, steps, verify
from genmodels.language import N_
from genmodels.storage.files import sync

__all__ = ["STATE", "TRAINING", "WEIGHTS", "Checkpoint", "CheckpointError", "steps"]

KERNEL = ("foreach", "fused")  # the optimiser's options that say how it computes, not what
CHECKPOINTS_KEPT = 2  # the newest, and the one before in case the newest is damaged


@dataclass(frozen=True)
class Checkpoint:
    """weights and training: tensors by name, on the CPU; state: plain JSON values."""

    step: int
    weights: dict[str, Tensor]
    training: dict[str, Tensor]
    state: dict[str, Any]


def save(folder: Path, checkpoint: Checkpoint, kept: int = CHECKPOINTS_KEPT) -> Path:
    """Write ``checkpoint`` under a temporary name in ``folder``, sync, rename, then remove all but the newest ``kept``.

    Those of later steps go too: training has gone back behind them. Raises ``OSError`` when the disk does not take it;
    what was there before is untouched then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".writing-*"):  # by a process that was killed; a run has one writer at a time
        shutil.rmtree(left, ignore_errors=True)
    temporary = folder / f".writing-{checkpoint.step:08d}"
    temporary.mkdir()
    try:
        save_file(checkpoint.weights, temporary / WEIGHTS)
        save_file(checkpoint.training, temporary / TRAINING)
        seal(temporary, checkpoint.step, checkpoint.state)
        for file in temporary.iterdir():
            sync(file)
        sync(temporary)
        final = folder / f"step-{checkpoint.step:08d}"
        shutil.rmtree(final, ignore_errors=True)
        temporary.rename(final)
        sync(folder)
    except SafetensorError as error:  # what a full disk looks like through safetensors
        raise OSError(str(error)) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    newest = [step for step in steps(folder) if step <= checkpoint.step][-kept:]
    for step in set(steps(folder)) - set(newest):
        shutil.rmtree(folder / f"step-{step:08d}", ignore_errors=True)
    return final


def load(path: Path) -> Checkpoint:
    """Read one checkpoint; raises ``CheckpointError`` when a part is missing, cut short, changed or of another version."""
    document = verify(path)
    try:
        weights, training = load_file(path / WEIGHTS), load_file(path / TRAINING)
        return Checkpoint(document["step"], weights, training, document["state"])
    except (OSError, KeyError, ValueError, SafetensorError) as error:
        raise CheckpointError(N_("{name} is incomplete and cannot be read.", name=path.name)) from error


def latest(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint that is whole, and a sentence about each newer one that had to be passed over.

    Raises ``VersionError`` for a whole one of another version: it must not be trained over as if it were damaged.
    """
    passed_over: list[str] = []
    for step in reversed(steps(folder)):
        try:
            return load(folder / f"step-{step:08d}"), passed_over
        except VersionError:
            raise
        except CheckpointError as error:
            passed_over.append(str(error))
    return None, passed_over


def pack_optimizers(optimizers: dict[str, Optimizer]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Split the optimisers' states into tensors (``optimizer.NAME.INDEX.KEY``) and plain options by NAME."""
    tensors: dict[str, Tensor] = {}
    options: dict[str, Any] = {}
    for name, optimizer in optimizers.items():
        state = optimizer.state_dict()
        options[name] = state["param_groups"]
        for index, values in state["state"].items():
            tensors |= {f"optimizer.{name}.{index}.{key}": value.detach() for key, value in values.items()}
    return tensors, options


def unpack_optimizers(
    optimizers: dict[str, Optimizer], tensors: dict[str, Tensor], options: dict[str, Any], same_device: bool = True
) -> None:
    """Put back what ``pack_optimizers`` took; raises ``ValueError`` when the parameters do not fit.

    Without ``same_device``, where it took them on another kind of device, the optimisers keep their own kernels.
    """
    for name, optimizer in optimizers.items():
        groups = options[name]
        if not same_device:
            own = [{key: group[key] for key in KERNEL if key in group} for group in optimizer.param_groups]
            groups = [theirs | ours for theirs, ours in zip(groups, own, strict=True)]
        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
        state: dict[int, dict[str, Tensor]] = {}
        prefix = f"optimizer.{name}."
        for key, tensor in tensors.items():
            if key.startswith(prefix):
                index, _, entry = key.removeprefix(prefix).partition(".")
                like = parameters[int(index)]
                # In the memory layout of its parameter, without which the fused update falls back to a slow one.
                fitted = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
                state.setdefault(int(index), {})[entry] = fitted
        optimizer.load_state_dict({"state": state, "param_groups": groups})
