"""Small networks to look into, and their layers by hand."""

import copy
import itertools
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from genmodels.config.families import DCGANConfig
from genmodels.models import build

DOWN = ["strided convolution", "max pooling", "average pooling"]
UP = ["transposed convolution", "nearest + convolution"]


def networks(**values: Any) -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator, untrained, but with statistics of BatchNorm that make the two modes differ."""
    family = build(DCGANConfig.model_validate({"width": 4, "latent_dim": 6} | values), 10)
    generator, discriminator = family.networks["generator"], family.networks["discriminator"]
    for module in (*generator.modules(), *discriminator.modules()):
        if isinstance(module, nn.BatchNorm2d):
            statistics = module.state_dict()
            nn.init.uniform_(statistics["running_mean"], -0.1, 0.1)
            nn.init.uniform_(statistics["running_var"], 0.001, 0.01)
    return generator, discriminator


def pictures(n: int, channels: int = 1, side: int = 28) -> Tensor:
    return torch.randint(
        0, 256, (n, channels, side, side), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )


def noise(n: int) -> Tensor:
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(0))


def by_hand(network: nn.Module, x: Tensor) -> list[Tensor]:
    """The maps after each layer that the next convolution, an upsampling before it, or the end follows."""
    layers = [
        module
        for name, module in copy.deepcopy(network).eval().named_modules()
        if "parametrizations" not in name and (is_parametrized(module) or not list(module.children()))
    ]
    found = []
    for layer, after in itertools.pairwise([*layers, nn.Flatten()]):
        x = layer(x)
        ends = isinstance(after, (nn.Conv2d, nn.ConvTranspose2d, nn.Upsample, nn.Flatten))
        if ends and x.dim() == 4 and not isinstance(layer, (nn.Upsample, nn.Unflatten)):
            found.append(x)
    return found
