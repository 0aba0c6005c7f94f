"""Between uint8 images as they are stored and the ranges that networks see: the one place of this conversion."""

import torch
from torch import Tensor


def to_unit(images: Tensor) -> Tensor:
    """uint8 -> float in [0, 1], for the VAE."""
    return images.float() / 255


def to_symmetric(images: Tensor) -> Tensor:
    """uint8 -> float in [-1, 1], for the GANs."""
    return images.float() / 127.5 - 1


def from_symmetric(images: Tensor) -> Tensor:
    """Float in [-1, 1] -> float in [0, 1]."""
    return (images + 1) / 2


def to_uint8(images: Tensor) -> Tensor:
    """Float in [0, 1] -> uint8; what lies outside is clipped."""
    return (images.clamp(0, 1) * 255).round().to(torch.uint8)
