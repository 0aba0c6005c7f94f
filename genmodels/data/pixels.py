"""Between uint8 images as they are stored and the ranges that networks see: the one place of this conversion.

Each function checks the type and, on the CPU, the range of what it is given: images in another range would give nonsense without
a word. On a GPU the range is not looked at, for which the host would have to wait.
"""

import math

import torch
from torch import Tensor

from genmodels.errors import UserError
from genmodels.language import N_

OVERSHOOT = 0.5, 1.0  # below 0 and above 1, as of a resized image, which is clipped; beyond lies another range
ROUNDING = 1e-3  # beyond [-1, 1], more than any arithmetic in 16 bits leaves


class NoNumbersError(UserError, ValueError):
    """Images that hold NaN, as networks draw whose weights are finite and yet too large to compute with."""


def to_unit(images: Tensor) -> Tensor:
    """uint8 -> float in [0, 1], for the VAE; raises ``TypeError``."""
    _must_be_stored(images)
    return images.float() / 255


def to_symmetric(images: Tensor) -> Tensor:
    """uint8 -> float in [-1, 1], for the GANs; raises ``TypeError``."""
    _must_be_stored(images)
    return images.float() / 127.5 - 1


def from_symmetric(images: Tensor) -> Tensor:
    """Float in [-1, 1] -> float in [0, 1]; raises ``TypeError``, or ``ValueError`` for another range or NaN. Images in [0, 1] cannot be
    told from bright ones in [-1, 1]."""
    _must_be_float(images, "[-1, 1]")
    must_be_numbers(images)
    if (ends := _ends(images)) and (ends[0] < -1 - ROUNDING or ends[1] > 1 + ROUNDING):
        raise ValueError(
            f"Images in [-1, 1] are needed here, and these reach from {ends[0]:.4g} to {ends[1]:.4g}: give uint8 ones from 0 to 255 to "
            "to_symmetric first."
        )
    return from_drawn(images)


def from_drawn(images: Tensor) -> Tensor:
    """The same of what a network has drawn, which is in that range. NaN stays NaN: training ends by the curve that names it."""
    return (images + 1) / 2


def to_uint8(images: Tensor) -> Tensor:
    """Float in [0, 1] -> uint8; what lies a little outside is clipped. Raises ``TypeError``, or ``ValueError`` for another range."""
    must_be_unit(images, OVERSHOOT)
    return (images.clamp(0, 1) * 255).round().to(torch.uint8)


def drawn_to_uint8(images: Tensor) -> Tensor:
    """``to_uint8`` of what a model has drawn, which may be no numbers: the sentence is then about the model, for nobody gave an image."""
    must_be_drawn(images)
    return to_uint8(images)


def must_be_unit(images: Tensor, overshoot: tuple[float, float] = (0.0, 0.0)) -> None:
    """Raise ``TypeError`` unless ``images`` are float, and ``ValueError`` unless they are numbers in [0, 1], but for the
    ``overshoot`` below and above."""
    _must_be_float(images, "[0, 1]")
    must_be_numbers(images)
    if (ends := _ends(images)) is None:
        return
    low, high = ends
    if low < -overshoot[0] or high > 1 + overshoot[1]:
        raise ValueError(
            f"Images in [0, 1] are needed here, and these reach from {low:.4g} to {high:.4g}: divide those from 0 to 255 by 255, "
            "and give those in [-1, 1] to from_symmetric first."
        )


def must_be_tensor(images: Tensor) -> Tensor:
    """``images`` as they are; raises ``TypeError`` for any other thing, such as an array."""
    if not isinstance(images, Tensor):
        raise TypeError(f"Images are needed as a tensor, not {type(images).__name__}: make it with torch.as_tensor(…).")
    return images


def must_be_numbers(images: Tensor) -> None:
    """Raise ``NoNumbersError`` where any of the float ``images``, which a caller gives, is NaN."""
    if _has_nan(images):
        raise NoNumbersError(
            N_("Images are needed here, and these hold values that are no numbers (NaN): give others, or mend them.")
        )


def must_be_drawn(images: Tensor) -> None:
    """The same for ``images`` that a model has drawn."""
    if _has_nan(images):
        raise NoNumbersError(
            N_("This model's images hold no numbers (NaN), as its weights are too large: choose another model.")
        )


def _has_nan(images: Tensor) -> bool:
    return (ends := _ends(images)) is not None and math.isnan(ends[0])


def _ends(images: Tensor) -> tuple[float, float] | None:
    """The least and the greatest value, NaN if any is; None where nobody is to look: without images, on a GPU, and in a program that
    is being traced."""
    if torch.compiler.is_compiling() or images.device.type != "cpu" or not images.numel():
        return None
    low, high = images.aminmax()
    return low.item(), high.item()


def _must_be_float(images: Tensor, span: str) -> None:
    if not must_be_tensor(images).is_floating_point():
        raise TypeError(f"Images of a float type in {span} are needed here, not {images.dtype}: convert them first.")


def _must_be_stored(images: Tensor) -> None:
    if must_be_tensor(images).dtype != torch.uint8:
        raise TypeError(
            f"uint8 images from 0 to 255 are needed here, not {images.dtype}: give those in [0, 1] to to_uint8 first."
        )
