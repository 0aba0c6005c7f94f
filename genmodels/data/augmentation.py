"""Changes of images that leave them what they are. Gradients go through them.

Each image of a batch has its own, drawn from ``Noise``; torchvision's transforms change a whole batch alike, by the global
generator.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from genmodels.data.noise import Noise


def moved(x: Tensor, most: int, noise: Noise, empty: float = 0.0) -> Tensor:
    """Each image (B, C, H, W) moved by whole pixels, up to ``most`` either way, with ``empty`` where nothing was."""
    if most == 0:
        return x
    side = 2 * most + 1
    places = (noise.uniform(len(x)) * side * side).long()
    padded = F.pad(x, (most, most, most, most), value=empty)
    images, channels, rows, columns = (torch.arange(n, device=x.device) for n in x.shape)
    down, across = places[:, None] // side + rows, places[:, None] % side + columns
    # An index for each axis, so that the result is contiguous.
    return padded[
        images[:, None, None, None], channels[:, None, None], down[:, None, :, None], across[:, None, None, :]
    ]


MOST = (
    0.25,  # turned, radians
    0.3,  # sheared, share of the height
    0.2,  # stretched across, logarithm of the factor
    0.2,  # stretched down
    0.15,  # moved to the side, share of half of it
    0.15,  # moved down
)


def distorted(x: Tensor, strength: float, noise: Noise, empty: float = 0.0) -> Tensor:
    """Each image (B, C, H, W) turned, sheared, stretched along both axes and moved at random, evenly up to ``strength`` times
    the ``MOST`` of each either way, with ``empty`` where nothing was; float32."""
    if strength == 0:
        return x
    drawn = (2 * noise.uniform(len(x), len(MOST)) - 1).unbind(1)
    turn, shear, across, down, right, below = (strength * most * part for most, part in zip(MOST, drawn, strict=True))
    cos, sin, across, down = turn.cos(), turn.sin(), across.exp(), down.exp()
    # Where each pixel comes from: stretched, sheared, turned, moved.
    places = torch.stack(
        [
            torch.stack([across * cos, down * (shear * cos - sin), right], 1),
            torch.stack([across * sin, down * (shear * sin + cos), below], 1),
        ],
        1,
    )
    grid = F.affine_grid(places, list(x.shape), align_corners=False)
    return F.grid_sample(x.float() - empty, grid, align_corners=False) + empty
