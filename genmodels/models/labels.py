"""Labels that a user gives to draw images of."""

import torch
from torch import Tensor


def must_be_labels(labels: Tensor, n: int, count: int) -> None:
    """Raise ``TypeError`` unless ``labels`` are a tensor of integers, and ``ValueError`` unless they are ``n`` from 0 to ``count`` - 1.

    Shares of classes, which are floats (n, classes), are passed over, and so is the range on a GPU, for which the host would have to
    wait, and in a program that is being traced.
    """
    if not isinstance(labels, Tensor) or labels.dtype == torch.bool or labels.is_complex():
        raise TypeError("Labels are needed as a tensor of integers: make it with torch.tensor([…]).")
    if labels.is_floating_point() or torch.compiler.is_compiling():
        return
    if labels.shape != (n,):
        raise ValueError(f"One label an image is needed, {n} in all, and these have the shape {tuple(labels.shape)}.")
    if labels.device.type != "cpu" or not n:
        return
    low, high = (int(value) for value in labels.aminmax())
    if not 0 <= low <= high < count:
        raise ValueError(f"Labels go from 0 to {count - 1} here, and these reach from {low} to {high}.")
