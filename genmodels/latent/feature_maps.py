"""Inside a trained network: what each convolution makes of an image, and which images excite one of its channels most.

A stage is a convolution with all that belongs to it, and its maps are what the next convolution sees: after pooling,
normalisation and nonlinearity, before any upsampling. Stages are found by running the network, whatever it is made of.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from genmodels.data.pixels import to_symmetric
from genmodels.models.base import evaluating

CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)
NONLINEARITIES = (nn.ReLU, nn.LeakyReLU, nn.SiLU, nn.Tanh)
POOLING = (nn.MaxPool2d, nn.AvgPool2d)
FEATURE_BATCH = 250  # images at a time, whose feature maps are larger than they are


@dataclass
class Stage:
    """maps: (B, C, H, W), one map a channel and image of the batch."""

    name: str
    maps: Tensor


@dataclass(frozen=True)
class Excitation:
    """The images that excite each channel of a stage most, the most exciting first.

    images: int64 (C, k), which they are; values: float32 (C, k), the largest of the channel's map; boxes: int64
    (C, k, 4), the square of pixels that this place of the map sees as top, left, bottom, right, which may reach beyond
    the image.
    """

    name: str
    images: Tensor
    values: Tensor
    boxes: Tensor


@dataclass(frozen=True)
class Field:
    """A receptive field: place p of a map sees ``side`` pixels, from pixel ``start + step * p`` on, down and across."""

    side: int
    step: int
    start: int


def stages(network: nn.Module, *inputs: Tensor) -> list[Stage]:
    """Every stage of ``network`` in evaluation mode, from its inputs (B, ...) on."""
    found: list[Stage] = []

    def begin(module: nn.Module, inputs: Any, output: Tensor) -> None:
        kind = "Transposed convolution" if isinstance(module, nn.ConvTranspose2d) else "Convolution"
        found.append(Stage(f"{kind} {len(found) + 1}", output))

    def go_on(module: nn.Module, inputs: Any, output: Tensor) -> None:
        if found and output.dim() == 4:
            found[-1].maps = output

    # By hooks: torchvision's create_feature_extractor cannot trace a forward that asks for the type of the labels.
    # Of a copy: other visitors' images go through the same network meanwhile, and hooks would catch them too.
    network = copy.deepcopy(network)
    for module in network.modules():
        if isinstance(module, CONVOLUTIONS):
            module.register_forward_hook(begin)
        elif isinstance(module, (*POOLING, *NONLINEARITIES)):
            module.register_forward_hook(go_on)
    with evaluating(network):
        network(*inputs)
    return found


def most_exciting(discriminator: nn.Module, images: Tensor, k: int) -> list[Excitation]:
    """For every channel of every stage, the ``k`` of ``images``, uint8 (N, C, H, W), with the largest value in its map."""
    batches = [
        [_peaks(stage) for stage in stages(discriminator, to_symmetric(batch))] for batch in images.split(FEATURE_BATCH)
    ]
    found = []
    for field, parts in zip(receptive_fields(discriminator), zip(*batches, strict=True), strict=True):
        names, values, places = zip(*parts, strict=True)
        strongest, best = torch.cat(values).topk(min(k, len(images)), dim=0)
        top_left = field.start + field.step * torch.cat(places)[best, torch.arange(best.shape[1])]
        boxes = torch.cat([top_left, top_left + field.side], dim=-1)
        found.append(Excitation(names[0], best.T, strongest.T, boxes.transpose(0, 1)))
    return found


def _peaks(stage: Stage) -> tuple[str, Tensor, Tensor]:
    """Its name, the largest value of each map, (B, C), and the row and column of that, (B, C, 2)."""
    values, flat = stage.maps.flatten(2).max(2)
    width = stage.maps.shape[3]
    return stage.name, values, torch.stack([flat // width, flat % width], dim=-1)


def receptive_fields(discriminator: nn.Module) -> list[Field]:
    """That of each stage, for a network of convolutions and pooling one after the other."""
    fields: list[Field] = []
    side, step, start = 1, 1, 0
    for module, kernel, stride, padding in _sliding(discriminator):
        side, start, step = side + (kernel - 1) * step, start - padding * step, step * stride
        if isinstance(module, POOLING):
            fields.pop()
        fields.append(Field(side, step, start))
    return fields


def _sliding(network: nn.Module) -> Iterator[tuple[nn.Module, int, int, int]]:
    """The modules whose window slides over a map, with its side, stride and padding, all of them square."""
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, *POOLING)):
            numbers: Any = (module.kernel_size, module.stride, module.padding)
            kernel, stride, padding = (n[0] if isinstance(n, tuple) else n for n in numbers)
            yield module, kernel, stride, padding
