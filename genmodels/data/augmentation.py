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


def translated(x: Tensor, noise: Noise) -> Tensor:
    """Each image (B, C, H, W) moved by whole pixels, up to an eighth of its side either way, with 0 where nothing was."""
    return moved(x, round(x.shape[-1] / 8), noise)


def recoloured(x: Tensor, noise: Noise) -> Tensor:
    """Each image (B, C, H, W) in [-1, 1] brighter or darker by up to 0.5, then, where it has colours, between grey and twice as
    saturated, then of half to one and a half times its contrast; float32."""
    brightness, saturation, contrast = noise.uniform(len(x), 3).view(-1, 3, 1, 1, 1).unbind(1)
    x = x.float() + brightness - 0.5
    if x.shape[1] > 1:
        grey = x.mean(1, keepdim=True)
        x = grey + 2 * saturation * (x - grey)
    level = x.mean((1, 2, 3), keepdim=True)
    return level + (contrast + 0.5) * (x - level)


def cut_out(x: Tensor, noise: Noise) -> Tensor:
    """Each image (B, C, H, W) with 0 in a square of half its side, whose middle is any pixel."""
    side = x.shape[-1]
    middles = (noise.uniform(len(x), 2) * side).long()
    places = torch.arange(side, device=x.device) - middles[:, :, None] + side // 4
    down, across = ((places >= 0) & (places < side // 2)).unbind(1)
    return x.masked_fill(down[:, None, :, None] & across[:, None, None, :], 0.0)


AUGMENTATIONS = {"colour": recoloured, "translation": translated, "cutout": cut_out}


def augmented(x: Tensor, policy: str, noise: Noise) -> Tensor:
    """Images (B, C, H, W) in [-1, 1] after each of ``AUGMENTATIONS`` that ``policy`` names, with " + " between them, or after
    "none": DiffAugment of Zhao et al. 2020 (arXiv:2006.10738), section 3.2, with 0 for what is empty."""
    for name in policy.split(" + ") if policy != "none" else ():
        x = AUGMENTATIONS[name](x, noise)
    return x


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
