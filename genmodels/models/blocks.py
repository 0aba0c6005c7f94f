"""Convolutional blocks that the families share."""

import torch.nn.functional as F
from torch import Tensor, nn


def resolutions(image_size: int) -> list[int]:
    """The side of the feature maps from the image down to the smallest, each half the one before.

    28 -> [28, 14, 7], 32 -> [32, 16, 8, 4], 64 -> [64, 32, 16, 8, 4].
    """
    sides = [image_size]
    while sides[-1] % 2 == 0 and sides[-1] > 4:
        sides.append(sides[-1] // 2)
    return sides


def stage_widths(width: int, stages: int) -> list[int]:
    """Channels after each halving: doubled every time, at most eight times the first."""
    return [width * min(2**stage, 8) for stage in range(stages)]


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(x)))), which starts as the identity; (B, C, H, W) -> (B, C, H, W).

    Pre-activation form of He et al., "Identity Mappings in Deep Residual Networks", 2016 (arXiv:1603.05027), without
    normalisation.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


def initialize(network: nn.Module) -> None:
    """Convolutions and linear layers from N(0, 0.02), BatchNorm's scales from N(1, 0.02), biases 0 (DCGAN paper, section 4)."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.weight, 1.0, 0.02)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)
