"""One file a family: its networks and its training step. ``build`` finds the one that a config names."""

import importlib

import torch

from genmodels.config.base import RunConfig
from genmodels.errors import TrainingError
from genmodels.models.base import Family


def build(config: RunConfig, num_classes: int = 0) -> Family:
    """The untrained family of ``config``, on the CPU; its first weights depend on ``config.seed`` alone.

    Raises ``TrainingError`` when it cannot learn from images of so many classes; 0: they have no labels.
    """
    if refusal := config.refused_classes(num_classes):
        raise TrainingError(refusal)
    module = importlib.import_module(f"genmodels.models.{config.family}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return module.build(config, num_classes)
