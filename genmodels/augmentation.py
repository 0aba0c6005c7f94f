"""Changes of images that leave them what they are. Gradients go through them."""

import torch
import torch.nn.functional as F
from torch import Tensor

from genmodels.noise import Noise


def moved(x: Tensor, most: int, noise: Noise, empty: float = 0.0) -> Tensor:
    """Each image (B, C, H, W) moved by whole pixels, up to ``most`` either way, with ``empty`` where nothing was."""
    if most == 0:
        return x
    side = 2 * most + 1
    places = (noise.uniform(len(x)) * side * side).long()
    padded = F.pad(x, (most, most, most, most), value=empty)
    height, width = x.shape[2:]
    down = places[:, None] // side + torch.arange(height, device=x.device)
    across = places[:, None] % side + torch.arange(width, device=x.device)
    image = torch.arange(len(x), device=x.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[image, down[:, :, None], across[:, None, :]].permute(0, 3, 1, 2)
