"""Which images excite a channel of a trained network most, and what of them it sees.

The maps are those of ``genmodels.latent.layers``: what the next layer sees, after pooling, normalisation and nonlinearity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genmodels.latent.layers import Layer, layers


@dataclass(frozen=True)
class Excitation:
    """The images that excite each channel of a layer most, the most exciting first.

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


def most_exciting(network: nn.Module, batches: Iterable[Sequence[Tensor]], k: int) -> list[Excitation]:
    """For every channel or unit of every layer of ``network``, the ``k`` images with the largest value.

    batches: its inputs for one image after another, so many at a time, the images (B, C, H, W) first.
    """
    fields: list[Field] = []
    peaks = []
    for inputs in batches:
        found = layers(network, *inputs)
        fields = receptive_fields(found, inputs[0].shape[-1])
        peaks.append([_peaks(layer) for layer in found])
    excitations = []
    for field, parts in zip(fields, zip(*peaks, strict=True), strict=True):
        names, values, places = zip(*parts, strict=True)
        every = torch.cat(values)
        strongest, best = every.topk(min(k, len(every)), dim=0)
        top_left = field.start + field.step * torch.cat(places)[best, torch.arange(best.shape[1])]
        boxes = torch.cat([top_left, top_left + field.side], dim=-1)
        excitations.append(Excitation(names[0], best.T, strongest.T, boxes.transpose(0, 1)))
    return excitations


def _peaks(layer: Layer) -> tuple[str, Tensor, Tensor]:
    """Its name, the largest value of each map, (B, C), and the row and column of that, (B, C, 2)."""
    if layer.output.dim() == 2:
        return layer.name, layer.output, torch.zeros(*layer.output.shape, 2, dtype=torch.int64)
    values, flat = layer.output.flatten(2).max(2)
    width = layer.output.shape[3]
    return layer.name, values, torch.stack([flat // width, flat % width], dim=-1)


def receptive_fields(found: Sequence[Layer], image_size: int) -> list[Field]:
    """That of each layer, for a network of convolutions and pooling one after the other; units see the whole image."""
    fields = []
    side, step, start = 1, 1, 0
    for layer in found:
        for window in layer.windows:
            side, start = side + (window.side - 1) * step, start - window.padding * step
            step *= window.stride
        maps = layer.output.dim() == 4
        fields.append(Field(side, step, start) if maps else Field(image_size, 0, 0))
    return fields
