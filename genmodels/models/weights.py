"""Weights by name, as a file has them: what is to be taken for what."""

import torch
from torch import Tensor

WRAPPERS = {"module", "_orig_mod"}  # what DistributedDataParallel and torch.compile put into the names of weights
AVERAGED = "ema."  # what the names of averaged weights begin with


class WeightsError(ValueError):
    """Weights that are not those of a family's networks; the message names the first that is not, without a full stop."""


def without_wrappers(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under the names that they have in networks which nothing is wrapped around."""
    return {".".join(part for part in name.split(".") if part not in WRAPPERS): each for name, each in tensors.items()}


def with_prefix(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose names begin with ``prefix``, by the rest of their names."""
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def must_fit(given: dict[str, Tensor], wanted: dict[str, Tensor]) -> None:
    """Raise ``WeightsError`` unless ``given`` has the names, shapes and kinds of numbers of ``wanted``, and values
    that are finite in these; floats may be of another width."""
    for name in given:
        if name not in wanted:
            raise WeightsError(f"{name} is none of its weights")
    for name, tensor in wanted.items():
        if name not in given:
            raise WeightsError(f"{name} is missing")
        if given[name].shape != tensor.shape:
            raise WeightsError(f"{name} has the shape {tuple(given[name].shape)} in place of {tuple(tensor.shape)}")
        if given[name].is_floating_point() != tensor.is_floating_point() or given[name].is_complex():
            raise WeightsError(f"{name} is {given[name].dtype} in place of {tensor.dtype}")
        if not torch.isfinite(given[name].to(tensor.dtype)).all():
            raise WeightsError(f"{name} is not finite")
