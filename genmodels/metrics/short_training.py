"""A small classifier that is trained at once, where a score needs one: outside of the lab's one training loop, without a record."""

from collections.abc import Iterable

import torch
from torch import Tensor

from genmodels.config.families import ClassifierConfig
from genmodels.data.noise import Noise
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.models.classifier import Classifier


def train_at_once(
    config: ClassifierConfig, num_classes: int, device: torch.device, batches: Iterable[tuple[Tensor, Tensor]]
) -> Classifier:
    """A classifier of ``config`` after one step on each of the ``batches``: uint8 images (B, C, H, W) and labels (B,), on ``device``.

    The same at every call on one CPU, whatever torch's own generator has drawn; in fp32.
    """
    classifier = build(config, num_classes)
    assert isinstance(classifier, Classifier)
    classifier.to(device).prepare()
    noise = Noise(config.seed, device)
    for step, (images, labels) in enumerate(batches):
        classifier.step(Batch(images, labels, epoch=0.0, step=step), noise)
        classifier.update_average(step + 1)
    for network in classifier.networks.values():
        network.eval()
    return classifier
