"""The independent classifier that says what generated images show, and whose features of them are compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from genmodels.checkpoints.pretrained import find
from genmodels.config.base import RunConfig
from genmodels.inference.restore import restore_pretrained
from genmodels.metrics.judge_card import Task
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.classifier import Classifier
from genmodels.storage.paths import PRETRAINED

CONFIDENT = 0.9
COVERED = 1 / 1000  # of the images must show a class, confidently
LIKE = {"mnist-sample": "mnist"}  # data sets whose images another one's judge knows


@dataclass(frozen=True)
class Judge:
    """name: as scores tell it. classes: its outputs in their order; none where its ``task`` is no class. accuracy: at its task, on real
    test images, where that is known. images: that it was trained on here, 0 for a pretrained one."""

    name: str
    classifier: Classifier
    classes: tuple[str, ...]
    accuracy: float | None = None
    task: Task = "labels"
    images: int = 0

    def knows(self, classes: Sequence[str]) -> bool:
        """Whether its own classes are those that a generator's are called; without any names, whether it knows classes at all."""
        return bool(self.classes) and sorted(classes or self.classes) == sorted(self.classes)

    def labels(self, images: Tensor, classes: Sequence[str] = ()) -> Tensor:
        """The most probable class of each of uint8 images (N, C, H, W), as its place in ``classes``, which it must know: (N,)."""
        seen = torch.cat([self.classifier.logits(part).argmax(1) for part in images.split(INFERENCE_BATCH)])
        return torch.tensor([(classes or self.classes).index(name) for name in self.classes], device=seen.device)[seen]


def judge_of(config: RunConfig) -> Judge | None:
    """The pretrained classifier for a config's images, or None where none knows them."""
    name = f"classifier-{LIKE.get(config.dataset, config.dataset)}"
    if not (PRETRAINED / name).is_dir():
        return None
    trained = restore_pretrained(PRETRAINED / name)
    fits = (trained.config.image_size, trained.config.channels) == (config.image_size, config.channels)
    if not fits or not isinstance(trained.family, Classifier):
        return None
    model = find(name)
    accuracy = model.card["scores"].get("accuracy") if model else None
    return Judge(name, trained.family, trained.classes, accuracy)


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
