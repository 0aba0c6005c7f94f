"""Which part of an image is hidden from a network that is to complete it."""

import torch
from torch import Tensor

from genmodels.data.noise import Noise

EVERYTHING = 0.1  # of the images are hidden altogether, so that a network learns to draw without any help too
SMALLEST, LARGEST = 0.3, 0.8  # side of a box, as a share of the image's


def sample(n: int, side: int, kind: str, noise: Noise) -> Tensor:
    """Hidden parts, each one of the four halves or a box ("half", "box", or either): (n, 1, side, side), 1 where hidden."""
    which, u = noise.uniform(n, 2).T, noise.uniform(n, 4)
    boxed = torch.full_like(which[0], {"half": 0.0, "box": 1.0, "half or box": 0.5}[kind]) > which[0]
    hidden = torch.where(boxed[:, None, None], _boxes(side, u), _halves(side, u[:, 0]))
    hidden = hidden | (which[1] < EVERYTHING)[:, None, None]
    return hidden[:, None].float()


def _boxes(side: int, u: Tensor) -> Tensor:
    """Boxes of any size, anywhere; u: (n, 4) in [0, 1) -> bool (n, side, side)."""
    lengths = ((SMALLEST + (LARGEST - SMALLEST) * u[:, :2]) * side).round()
    starts = (u[:, 2:] * (side + 1 - lengths)).floor()
    pixels = torch.arange(side, device=u.device)
    inside = (pixels >= starts[..., None]) & (pixels < (starts + lengths)[..., None])
    return inside[:, 0, :, None] & inside[:, 1, None, :]


def _halves(side: int, u: Tensor) -> Tensor:
    """The upper, lower, left or right half, each as likely; u: (n,) in [0, 1) -> bool (n, side, side)."""
    first = torch.arange(side, device=u.device) < side // 2
    rows, columns = first[:, None].expand(side, side), first[None, :].expand(side, side)
    return torch.stack([rows, ~rows, columns, ~columns])[(u * 4).long()]
