"""How large the networks of a config are, and whether those of two have the same shapes, without making either."""

from dataclasses import dataclass

import torch
from torch import nn

from genmodels.config.base import RunConfig
from genmodels.models import build
from genmodels.models.base import Family

LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear, nn.Embedding)  # what counts as one: the rest belongs to them

Shapes = dict[str, torch.Size]


@dataclass(frozen=True)
class Size:
    """``weights``: trained numbers; ``layers``: convolutions, fully connected layers and embeddings."""

    weights: int
    layers: int


def size_of(config: RunConfig, num_classes: int) -> dict[str, Size]:
    """Of each network by its name; raises as ``build``."""
    return {name: _size(network) for name, network in _blank(config, num_classes).networks.items()}


def misfit(before: RunConfig, classes_before: int, config: RunConfig, classes: int) -> str | None:
    """The first setting of ``config`` that gives its networks other shapes than ``before`` has; None where they are the same.

    The number of classes counts as the setting ``dataset``. Raises as ``build``.
    """
    wanted = _shapes(before, classes_before)
    if _shapes(config, classes) == wanted:
        return None
    changed = [name for name in type(config).model_fields if getattr(config, name) != getattr(before, name)]
    for name in changed:
        # Without validation: one setting alone may not go with the others.
        one = before.model_copy(update={name: getattr(config, name)})
        if _shapes(one, classes if name == "dataset" else classes_before) != wanted:
            return name
    return next(iter(changed), "dataset")


def _blank(config: RunConfig, num_classes: int) -> Family:
    """Networks without memory for their weights."""
    with torch.device("meta"):
        return build(config, num_classes)


def _shapes(config: RunConfig, num_classes: int) -> Shapes:
    return {name: tensor.shape for name, tensor in _blank(config, num_classes).tensors().items()}


def _size(network: nn.Module) -> Size:
    weights = sum(weight.numel() for weight in network.parameters() if weight.requires_grad)
    return Size(weights, sum(isinstance(module, LAYERS) for module in network.modules()))
