"""A network as the layers that a forward pass goes through, whatever it is made of: what each is, what it gives, what it weighs."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized
from torch.nn.utils.parametrize import type_before_parametrizations as kind

from genmodels.language import N_
from genmodels.language.message import rows_by_columns
from genmodels.models.base import evaluating
from genmodels.models.blocks import ResidualBlock
from genmodels.models.residual_mlp import MLPBlock
from genmodels.models.unet import Block, Join

POOLING = {nn.MaxPool2d: N_("max pooling"), nn.AvgPool2d: N_("average pooling")}
# What a layer begins with, and what belongs to the layer that runs before it.
KINDS: dict[type[nn.Module], str] = {
    nn.Conv2d: N_("Convolution"),
    nn.ConvTranspose2d: N_("Transposed convolution"),
    Join: N_("Convolution"),
    ResidualBlock: N_("Residual block"),
    Block: N_("Residual block"),
    MLPBlock: N_("Residual block"),
    nn.Linear: N_("Fully connected"),
    nn.Embedding: N_("Embedding"),
}
PARTS: dict[type[nn.Module], str] = POOLING | {
    nn.BatchNorm1d: "BatchNorm",
    nn.BatchNorm2d: "BatchNorm",
    nn.GroupNorm: "GroupNorm",
    nn.LayerNorm: "LayerNorm",
    nn.ReLU: "ReLU",
    nn.LeakyReLU: "LeakyReLU",
    nn.SiLU: "SiLU",
    nn.Tanh: "tanh",
    nn.Sigmoid: "sigmoid",
}


@dataclass(frozen=True)
class Window:
    """What slides over a map: its side, stride and padding in places of the map, down and across alike."""

    side: int
    stride: int
    padding: int


@dataclass
class Layer:
    """A layer with all that belongs to it, such as normalisation, nonlinearity and pooling.

    output: what the next layer sees, before any upsampling: (B, C, H, W), or (B, N) for units. parts: what it is made of, in
    words. weights: how many numbers it has learnt. windows: what slides over its input, one after another; none for what
    sees all of it. parallel: whether it has the same input as the layer before it.
    """

    kind: str
    number: int
    output: Tensor
    parts: list[str]
    weights: int
    windows: list[Window] = field(default_factory=list)
    parallel: bool = False

    @property
    def name(self) -> str:
        return N_("{kind} {number}", kind=N_(self.kind), number=self.number)


def layers(network: nn.Module, *inputs: Tensor) -> list[Layer]:
    """Every layer of ``network`` in evaluation mode, numbered from 1 in the order in which they run on its inputs (B, ...)."""
    found: list[Layer] = []
    sources: list[Tensor] = []
    upsampled: list[str] = []

    def upsample(module: nn.Module, inputs: Any, output: Tensor) -> None:
        upsampled.append(f"{module.mode} ×{module.scale_factor:g}")

    def begin(module: nn.Module, inputs: Any, output: Tensor) -> None:
        parallel = bool(sources) and inputs[0] is sources[-1]
        sources.append(inputs[0])
        joined = [
            N_("with {layer}", layer=layer.name) for layer in found if any(layer.output is one for one in inputs[1:])
        ]
        parts = [*upsampled, *_size(module), *joined, *([N_("spectral norm")] if is_parametrized(module) else [])]
        upsampled.clear()
        found.append(
            Layer(KINDS[kind(module)], len(found) + 1, output, parts, _weights(module), _windows(module), parallel)
        )

    def go_on(module: nn.Module, inputs: Any, output: Tensor) -> None:
        if not found:
            return
        layer = found[-1]
        layer.output = output
        layer.parts.append(PARTS[kind(module)])
        layer.weights += _weights(module)
        layer.windows += _windows(module)

    # By hooks: torchvision's create_feature_extractor cannot trace a forward that asks for the type of the labels.
    # Of a copy: other visitors' images go through the same network meanwhile, and hooks would catch them too.
    network = copy.deepcopy(network)
    for module in _known(network):
        hook = upsample if isinstance(module, nn.Upsample) else begin if kind(module) in KINDS else go_on
        module.register_forward_hook(hook)
    with evaluating(network):
        network(*inputs)
    return found


def _known(module: nn.Module) -> Iterator[nn.Module]:
    """The modules within that are of a kind above, but none within one of these."""
    if kind(module) in KINDS or kind(module) in PARTS or isinstance(module, nn.Upsample):
        yield module
        return
    for child in module.children():
        yield from _known(child)


def _size(module: nn.Module) -> list[str]:
    if not isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        return []
    side, stride = module.kernel_size[0], module.stride[0]
    size = rows_by_columns(side, side)
    return [N_("{size}, stride {stride}", size=size, stride=stride) if stride > 1 else size]


def _weights(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _windows(module: nn.Module) -> list[Window]:
    """Those of the convolutions and of the pooling in it."""
    found = []
    for part in module.modules():
        if isinstance(part, (nn.Conv2d, *POOLING)):
            numbers: Any = (part.kernel_size, part.stride, part.padding)
            found.append(Window(*(n[0] if isinstance(n, tuple) else n for n in numbers)))
    return found
