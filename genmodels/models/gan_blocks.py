"""The two players of a GAN: Radford, Metz & Chintala, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", 2016 (arXiv:1511.06434). What a conditional GAN or an InfoGAN adds is in their own files.
"""

from itertools import pairwise

from torch import Tensor, nn

from genmodels.config.families import GANConfig
from genmodels.models.blocks import initialize, resolutions, stage_widths

LEAK = 0.2


class Generator(nn.Module):
    """Noise to images: transposed convolutions, BatchNorm, ReLU, tanh; (B, inputs) -> (B, C, H, W) in [-1, 1].

    ``hidden``: units of a fully connected layer before them, which a DCGAN does without.
    """

    def __init__(self, config: GANConfig, inputs: int, hidden: int = 0) -> None:
        super().__init__()
        sides = resolutions(config.image_size)[::-1]
        widths = stage_widths(config.width, len(sides) - 1)[::-1]
        layers: list[nn.Module] = []
        if hidden:
            layers += [nn.Linear(inputs, hidden, bias=False), nn.BatchNorm1d(hidden), nn.ReLU()]
        layers += [
            nn.Unflatten(1, (hidden or inputs, 1, 1)),
            nn.ConvTranspose2d(hidden or inputs, widths[0], sides[0], bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        ]
        for _ in range(config.blocks):
            layers += [nn.Conv2d(widths[0], widths[0], 3, padding=1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()]
        for before, after in pairwise(widths):
            layers += [*_double(config, before, after, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, *_double(config, widths[-1], config.channels, bias=True), nn.Tanh())
        initialize(self)

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z).float()


class Features(nn.Sequential):
    """Images to feature maps: strided convolutions, BatchNorm, LeakyReLU; (B, channels, H, W) -> (B, width, side, side)."""

    def __init__(self, config: GANConfig, channels: int) -> None:
        sides = resolutions(config.image_size)
        widths = [channels, *stage_widths(config.width, len(sides) - 1)]
        layers: list[nn.Module] = []
        normalized = config.critic_norm == "batch"
        for stage, (before, after) in enumerate(pairwise(widths)):
            norm = normalized and stage > 0  # the paper leaves the first layer without
            layers += [*_halve(config, before, after, bias=not norm), *_activated(after, norm)]
        for _ in range(config.blocks):
            layers += [nn.Conv2d(widths[-1], widths[-1], 3, padding=1, bias=not normalized)]
            layers += _activated(widths[-1], normalized)
        super().__init__(*layers)
        self.width, self.side = widths[-1], sides[-1]

    @property
    def numbers(self) -> int:
        """How many there are for an image."""
        return self.width * self.side**2


class Discriminator(nn.Module):
    """Images to logits: features, then one convolution over all of them; (B, channels, H, W) in [-1, 1] -> (B,)."""

    def __init__(self, config: GANConfig, channels: int) -> None:
        super().__init__()
        self.features = Features(config, channels)
        self.last = nn.Sequential(nn.Conv2d(self.features.width, 1, self.features.side), nn.Flatten(0))
        initialize(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.features(x)).float()


def _activated(width: int, normalized: bool) -> list[nn.Module]:
    return [*([nn.BatchNorm2d(width)] if normalized else []), nn.LeakyReLU(LEAK)]


def _double(config: GANConfig, before: int, after: int, bias: bool) -> list[nn.Module]:
    if config.upsampling == "transposed convolution":
        return [nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=bias)]
    return [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(before, after, 3, padding=1, bias=bias)]


def _halve(config: GANConfig, before: int, after: int, bias: bool) -> list[nn.Module]:
    if config.downsampling == "strided convolution":
        return [nn.Conv2d(before, after, 4, stride=2, padding=1, bias=bias)]
    pooling = nn.MaxPool2d(2) if config.downsampling == "max pooling" else nn.AvgPool2d(2)
    return [nn.Conv2d(before, after, 3, padding=1, bias=bias), pooling]
