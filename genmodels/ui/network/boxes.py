"""The boxes of a network's diagram: what goes in, its layers, and what it says."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image

from genmodels.language import _, listed, ngettext
from genmodels.language.message import rows_by_columns
from genmodels.storage.image_grid import grid
from genmodels.ui.components.network_diagram import Box
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.network.passes import CLASSIFIER
from genmodels.ui.network.pictures import small

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from genmodels.latent.layers import Layer
    from genmodels.models.base import Pass


def input_boxes(entry: Entry, through: "Pass") -> list[Box]:
    """What a network is given of the first image of a pass."""
    boxes = []
    for name, part in through.inputs.items():
        if part.dim() == 1:
            boxes.append(Box(f"{_(name)} {loading.model(entry).classes[int(part[0])]}", (), layer=False))
        elif part.dim() == 2:
            boxes.append(vector_box(_(name), part))
        else:
            picture = as_picture(through, part[:, : entry.config["channels"]])
            boxes.append(Box(_(name), (_shape(part),), picture, layer=False))
    return boxes


def vector_box(name: str, part: "Tensor") -> Box:
    """Maps (B, C, H, W) or units (B, N) that are the output of no layer."""
    return Box(name, (_shape(part),), small(part[0].numpy()), layer=False)


def layer_boxes(found: Sequence["Layer"], image: Image.Image | None = None) -> list[Box]:
    """The layers of a network, with the first of their maps for the first image, or the ``image`` that the last one gives."""
    pictures = [small(layer.output[0].numpy()) for layer in found]
    if image:
        pictures[-1] = image
    return [
        Box(_(layer.name), _lines(layer), picture, parallel=layer.parallel)
        for layer, picture in zip(found, pictures, strict=True)
    ]


def output_boxes(entry: Entry, title: str, through: "Pass") -> list[Box]:
    """What a network says of the first image, in words."""
    import torch

    from genmodels.models.base import evaluating

    trained = loading.model(entry)
    with evaluating(through.network):
        answer = through.network(*through.inputs.values())
    if title == CLASSIFIER:
        share, label = torch.softmax(answer[0], 0).max(0)
        return [
            Box(
                _("It says {name}", name=trained.classes[int(label)]),
                (_("p = {share:.1%}", share=share.item()),),
                layer=False,
            )
        ]
    if title == "Discriminator":
        family = trained.family
        logit = family.logits(answer)[0].item()  # type: ignore[attr-defined]
        return [Box(_("Its answer: {logit:.2f}", logit=logit), (_("the higher, the more real"),), layer=False)]
    return []


def as_image(through: "Pass", images: "Tensor") -> "np.ndarray":
    """The first of the images that a network is given, or gives, uint8 (C, H, W)."""
    from genmodels.data.pixels import drawn_to_uint8

    return drawn_to_uint8(through.pixels(images[0])).numpy()


def as_picture(through: "Pass", images: "Tensor") -> Image.Image:
    """The same as a picture."""
    return grid(as_image(through, images)[None])


def _lines(layer: "Layer") -> tuple[str, ...]:
    shape = _("{shape} · {weights:,} weights", shape=_shape(layer.output), weights=layer.weights)
    return (shape, listed(map(_, layer.parts))) if layer.parts else (shape,)


def _shape(output: "Tensor") -> str:
    """``32 × 14 × 14`` for channels, rows and columns; ``512 units``."""
    sides = output.shape[1:]
    if len(sides) == 3:
        return _("{channels} × {size}", channels=sides[0], size=rows_by_columns(*sides[1:]))
    return ngettext("{n:,} unit", "{n:,} units", n=sides[0])
