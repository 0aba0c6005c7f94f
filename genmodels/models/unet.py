"""A small U-Net that is conditioned on time and class: Ronneberger et al. 2015 (arXiv:1505.04597), with the residual blocks of
Dhariwal & Nichol 2021 (arXiv:2105.05233), without attention."""

import math
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genmodels.models.blocks import resolutions

FREQUENCIES, HIGHEST = 32, 100.0  # of the sinusoids of time, in radians for a time of 1
GROUPS = 8  # of GroupNorm, if they divide the channels

Layer = TypeVar("Layer", nn.Conv2d, nn.Linear)


class TimeFeatures(nn.Module):
    """Sines and cosines of a number (B,) -> (B, 2 FREQUENCIES); frequencies from 1 to HIGHEST (Vaswani et al. 2017, section 3.5)."""

    frequencies: Tensor

    def __init__(self) -> None:
        super().__init__()
        frequencies = torch.exp(torch.linspace(0, math.log(HIGHEST), FREQUENCIES))
        self.register_buffer("frequencies", frequencies, persistent=False)

    def forward(self, time: Tensor) -> Tensor:
        angles = time[:, None] * self.frequencies
        return torch.cat([angles.sin(), angles.cos()], 1)


class Conditioning(nn.Module):
    """Time (B,) and class (B,), the last of ``num_classes`` + 1 of which is none, to one vector (B, D)."""

    def __init__(self, dimensions: int, num_classes: int) -> None:
        super().__init__()
        self.time = nn.Sequential(
            TimeFeatures(), nn.Linear(2 * FREQUENCIES, dimensions), nn.SiLU(), nn.Linear(dimensions, dimensions)
        )
        self.label = nn.Embedding(num_classes + 1, dimensions)

    def forward(self, time: Tensor, labels: Tensor) -> Tensor:
        return F.silu(self.time(time) + self.label(labels))


class Block(nn.Module):
    """x + conv(silu(scale * norm(conv(silu(norm(x)))) + shift)), with scale and shift from the condition; it starts as the identity,
    or as a 1x1 convolution where the channels change. (B, C, H, W), (B, D) -> (B, C', H, W)."""

    def __init__(self, before: int, after: int, dimensions: int) -> None:
        super().__init__()
        self.first = nn.Sequential(group_norm(before), nn.SiLU(), nn.Conv2d(before, after, 3, padding=1))
        self.norm = group_norm(after)
        self.modulation = nn.Linear(dimensions, 2 * after)
        self.second = zero(nn.Conv2d(after, after, 3, padding=1))
        self.skip = nn.Identity() if before == after else nn.Conv2d(before, after, 1)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.modulation(condition)[:, :, None, None].chunk(2, 1)
        h = self.norm(self.first(x)) * (1 + scale) + shift
        return self.skip(x) + self.second(F.silu(h))


class Stage(nn.ModuleList):
    """The blocks of one resolution, one after the other; (B, C, H, W), (B, D) -> (B, C', H, W)."""

    def __init__(self, before: int, after: int, dimensions: int, blocks: int) -> None:
        super().__init__(Block(before if index == 0 else after, after, dimensions) for index in range(blocks))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        for block in self:
            x = block(x, condition)
        return x


class Join(nn.Conv2d):
    """A 1x1 convolution of two maps as one: (B, C, H, W) twice -> (B, C, H, W)."""

    def __init__(self, channels: int) -> None:
        super().__init__(2 * channels, channels, 1)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:  # type: ignore[override]
        return super().forward(torch.cat([x, seen], 1))


class UNet(nn.Module):
    """What the objective asks of images on their way from noise: (B, C, H, W), time (B,), labels (B,) -> (B, C, H, W).

    It begins with 0 everywhere. On the way up, what the way down had at the same resolution is joined by a 1x1 convolution.
    """

    def __init__(self, channels: int, image_size: int, width: int, blocks: int, num_classes: int) -> None:
        super().__init__()
        widths = [width * min(level + 1, 4) for level in range(len(resolutions(image_size)))]
        dimensions = 4 * width
        self.condition = Conditioning(dimensions, num_classes)
        self.stem = nn.Conv2d(channels, width, 3, padding=1)
        self.down, self.shrink, self.up, self.grow, self.join = (nn.ModuleList() for _ in range(5))
        before = width
        for level, after in enumerate(widths):
            self.down.append(Stage(before, after, dimensions, blocks))
            self.join.append(Join(after))
            self.up.append(Stage(after, after, dimensions, blocks))
            if level + 1 < len(widths):
                self.shrink.append(nn.Conv2d(after, after, 3, stride=2, padding=1))
                self.grow.append(nn.Conv2d(widths[level + 1], after, 1))
            before = after
        self.enlarge = nn.Upsample(scale_factor=2)
        self.middle = Block(before, before, dimensions)
        self.last = nn.Sequential(group_norm(width), nn.SiLU(), zero(nn.Conv2d(width, channels, 3, padding=1)))

    def forward(self, x: Tensor, time: Tensor, labels: Tensor) -> Tensor:
        condition, h = self.condition(time, labels), self.stem(x)
        seen: list[Tensor] = []
        for level, stage in enumerate(self.down):
            if level:
                h = self.shrink[level - 1](h)
            h = stage(h, condition)
            seen.append(h)
        h = self.middle(h, condition)
        for level in reversed(range(len(self.up))):
            if level + 1 < len(self.up):
                h = self.enlarge(self.grow[level](h))
            h = self.join[level](h, seen[level])
            h = self.up[level](h, condition)
        return self.last(h).float()


def group_norm(channels: int) -> nn.GroupNorm:
    """GroupNorm with as many groups as ``GROUPS`` and the channels allow (Wu & He 2018, arXiv:1803.08494)."""
    return nn.GroupNorm(math.gcd(GROUPS, channels), channels)


def zero(layer: Layer) -> Layer:
    """The layer with weights and biases of 0."""
    nn.init.zeros_(layer.weight)
    assert layer.bias is not None
    nn.init.zeros_(layer.bias)
    return layer
