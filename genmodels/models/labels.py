"""Labels, codes and noise that a user gives to draw images of."""

import torch
from torch import Tensor

LARGEST_CODE = 10.0  # of a continuous one, in [-1, 1] in training: what is far beyond was meant as something else


def as_labels(labels: Tensor, n: int, count: int, *, shares: bool = False) -> Tensor:
    """``labels`` as int64 (n,), or, if there may be ``shares`` of the classes in their place, those as they are: floats (n, count).

    Raises ``TypeError`` unless they are a tensor of integers, and ``ValueError`` unless they are ``n`` from 0 to ``count`` - 1. The range
    is passed over on a GPU, for which the host would have to wait, and all but the type in a program that is being traced.
    """
    if not isinstance(labels, Tensor) or labels.dtype == torch.bool or labels.is_complex():
        raise TypeError("Labels are needed as a tensor of integers: make it with torch.tensor([…]).")
    if labels.is_floating_point():
        if not shares:
            raise TypeError(
                "Labels are needed as a tensor of integers, and these are floats: convert them with long()."
            )
        if not torch.compiler.is_compiling() and labels.shape != (n, count):
            raise ValueError(
                f"Labels of floats are shares of the classes, here of the shape {(n, count)}, and these have the shape "
                f"{tuple(labels.shape)}: convert those that are classes with long()."
            )
        return labels
    if not torch.compiler.is_compiling():
        _must_be_in_range(labels, n, count)
    return labels.long()


def as_codes(codes: Tensor, n: int, count: int, like: Tensor) -> Tensor:
    """Continuous ``codes`` (n, count) as numbers of the type of ``like``.

    Raises ``TypeError`` unless they are a tensor of numbers, and ``ValueError`` for another shape or range; passed over is what
    ``as_labels`` passes over.
    """
    if not isinstance(codes, Tensor) or codes.dtype == torch.bool or codes.is_complex():
        raise TypeError("Codes are needed as a tensor of floats: make it with torch.tensor([[…]]).")
    if not torch.compiler.is_compiling():
        if codes.shape != (n, count):
            raise ValueError(
                f"Codes of the shape {(n, count)} are needed here, a row an image, and these have {tuple(codes.shape)}."
            )
        if codes.device.type == "cpu" and not (codes.abs() <= LARGEST_CODE).all():
            raise ValueError(
                f"Codes are in [-1, 1] in training, and from -{LARGEST_CODE:g} to {LARGEST_CODE:g} here; these are beyond, or no numbers."
            )
    return codes.to(like)


def as_noise(z: Tensor | None, *shape: int, device: torch.device) -> Tensor:
    """Noise or codes ``z`` as they are; where there are none, standard normal noise of the ``shape`` (n, ...).

    Raises as ``must_have_shape`` does, and ``ValueError`` for what is not finite, on a CPU and where nothing is being traced.
    """
    if z is None:
        return torch.randn(*shape, device=device)
    must_have_shape(z, *shape)
    if not torch.compiler.is_compiling() and z.device.type == "cpu" and not z.isfinite().all():
        raise ValueError("Numbers to draw images of are needed here, and some of these are infinite or no numbers.")
    return z


def must_have_shape(given: Tensor, *shape: int | None) -> None:
    """Raise ``TypeError`` unless what is ``given`` is a tensor of floats, and ``ValueError`` unless it has the ``shape``, in which None
    stands for any number; the shape is passed over in a program that is being traced. NaN is taken: networks that have diverged give it
    to one another, and training ends by the curve that names it."""
    if not isinstance(given, Tensor) or not given.is_floating_point():
        raise TypeError("What images are drawn of is needed as a tensor of floats: make it with torch.tensor([[…]]).")
    if torch.compiler.is_compiling():
        return
    if len(given.shape) != len(shape) or any(b not in (a, None) for a, b in zip(given.shape, shape, strict=True)):
        wanted = ", ".join("B" if length is None else str(length) for length in shape)
        raise ValueError(f"Numbers of the shape ({wanted}) are needed here, and these have {tuple(given.shape)}.")


def _must_be_in_range(labels: Tensor, n: int, count: int) -> None:
    if labels.shape != (n,):
        raise ValueError(f"One label an image is needed, {n} in all, and these have the shape {tuple(labels.shape)}.")
    if labels.device.type != "cpu" or not n:
        return
    low, high = (int(value) for value in labels.aminmax())
    if not 0 <= low <= high < count:
        raise ValueError(f"Labels go from 0 to {count - 1} here, and these reach from {low} to {high}.")
