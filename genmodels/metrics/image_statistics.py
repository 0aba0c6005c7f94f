"""What can be measured of images without knowing what they show."""

import torch
from torch import Tensor

from genmodels.data.pixels import to_unit

LEAST = 1e-6  # that something is divided by


def statistics(images: Tensor) -> dict[str, float]:
    """What can be said of uint8 images (N, C, H, W) without knowing what they show.

    ``diversity``: mean distance of two of them; ``variants``: median distance of one to the one most like it, 0 where
    there are copies; ``contrast``: mean standard deviation within an image; ``roughness``: mean absolute difference of
    neighbouring pixels over ``contrast``, about 1.1 for noise and far less for anything that has shapes.
    """
    x = to_unit(images)
    apart = torch.cdist(x.flatten(1), x.flatten(1))
    n = len(x)
    nearest = (apart + torch.diag(torch.full((n,), torch.inf, device=x.device))).min(1).values
    contrast = x.flatten(1).std(1, correction=0).mean()
    edges = torch.cat([x.diff(dim=2).abs().flatten(), x.diff(dim=3).abs().flatten()]).mean()
    return {
        "diversity": (apart.sum() / max(1, n * (n - 1))).item(),
        "variants": nearest.median().item() if n > 1 else 0.0,
        "contrast": contrast.item(),
        "roughness": (edges / contrast.clamp(min=LEAST)).item(),
    }
