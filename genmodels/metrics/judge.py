"""The independent classifier that says what generated images show."""

import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.inference.restore import restore_pretrained
from genmodels.models.classifier import Classifier
from genmodels.storage.paths import PRETRAINED

CONFIDENT = 0.9
COVERED = 1 / 1000  # of the images must show a class, confidently
LIKE = {"mnist-sample": "mnist"}  # data sets whose images another one's judge knows


def judge_of(config: RunConfig) -> tuple[str | None, Classifier | None]:
    """Name and network of the pretrained classifier for a config's images, or twice None where none knows them."""
    name = f"classifier-{LIKE.get(config.dataset, config.dataset)}"
    if not (PRETRAINED / name).is_dir():
        return None, None
    trained = restore_pretrained(PRETRAINED / name)
    fits = (trained.config.image_size, trained.config.channels) == (config.image_size, config.channels)
    if not fits or not isinstance(trained.family, Classifier):
        return None, None
    return name, trained.family


def classifier_scores(classifier: Classifier, features: Tensor) -> dict[str, float]:
    """``confident_share`` and ``classes_covered`` of images whose features (N, F) the classifier has found."""
    found = torch.softmax(classifier.classify(features), 1)
    return {"confident_share": confident_share(found), "classes_covered": classes_covered(found)}


def probabilities(classifier: Classifier, images: Tensor) -> Tensor:
    """p(class|image) for uint8 images (N, C, H, W): (N, classes)."""
    return torch.softmax(classifier.logits(images), 1)


def confident_share(found: Tensor) -> float:
    """How many images have a class with a probability above 0.9; found: (N, classes)."""
    return (found.max(1).values > CONFIDENT).cpu().double().mean().item()


def classes_covered(found: Tensor) -> int:
    """How many classes are confidently seen in at least one of 1,000 images; found: (N, classes)."""
    best, label = found.max(1)
    counts = torch.bincount(label[best > CONFIDENT], minlength=found.shape[1])
    return int((counts >= COVERED * len(found)).sum())
