"""Scores of a generator that is conditioned on classes: whether its samples are of those that were asked for."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor

from genmodels.config.families import ClassifierConfig
from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import drawn_to_uint8
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.latent.clusters import contingency
from genmodels.metrics.judge import Judge
from genmodels.metrics.judge_training import judge_for
from genmodels.metrics.scores import LEAST_OF_A_CLASS, Request, too_few
from genmodels.metrics.short_training import train_at_once
from genmodels.models.base import INFERENCE_BATCH, Batch
from genmodels.storage.progress import following

PUPIL = {"width": 8, "batch_size": 100, "shift": 0}  # the classifier of train on synthetic, test on real
LESSONS = 3  # times that it sees them


class Conditional(Protocol):
    """A family that draws the classes it is given."""

    num_classes: int

    @property
    def device(self) -> torch.device: ...

    def sample_latent(self, n: int, noise: Noise) -> Tensor:
        """What n images start from."""

    def sample(self, n: int, z: Tensor | None = None, labels: Tensor | None = None) -> Tensor:
        """Images (n, C, H, W) in [0, 1], from ``z``, of the classes ``labels`` (n,)."""


def label_scores(trained: Trained, request: Request) -> dict[str, Any]:
    """``label_fidelity`` and ``worst_label_fidelity``: see ``label_confusion``, over all classes and of the worst one.

    ``samples_only_accuracy``: on all real test images, of a small classifier that saw the samples and no real image.
    None where no classifier knows the images, or where they are too few, which
    ``reasons`` tells.
    """
    family = cast(Conditional, trained.family)
    least = LEAST_OF_A_CLASS * family.num_classes
    if request.generated < least:
        names = ("label_fidelity", "worst_label_fidelity", "samples_only_accuracy")
        return dict.fromkeys(names) | {"reasons": dict.fromkeys(names, too_few(request.generated, least))}
    images, asked = _labelled_samples(family, request.generated, request.seed)
    judge = judge_for(trained.config, family.device)
    scores: dict[str, Any] = {"label_fidelity": None, "worst_label_fidelity": None}
    scores["reasons"] = dict.fromkeys(scores, N_("no classifier knows the classes of these images"))
    if judge is not None and judge.knows(trained.classes):
        counts = _confusion(judge, trained.classes, images, asked, family.num_classes)
        scores = {
            "label_fidelity": float(np.trace(counts) / counts.sum()),
            "worst_label_fidelity": float((np.diag(counts) / counts.sum(1)).min()),
        }
    return scores | {
        "samples_only_accuracy": samples_only_accuracy(trained, images, asked, family.num_classes, request.seed)
    }


def label_confusion(family: Conditional, judge: Judge, classes: Sequence[str], n: int, seed: int) -> np.ndarray:
    """How often each class came out (columns) when each was asked for (rows), over ``n`` samples, as many of each class.

    Integers (classes, classes), in the order of ``classes``, which the judge must know; whatever it says most probably counts.
    """
    return _confusion(judge, classes, *_labelled_samples(family, n, seed), family.num_classes)


def _confusion(judge: Judge, classes: Sequence[str], images: Tensor, asked: Tensor, num_classes: int) -> np.ndarray:
    seen = judge.labels(images, classes)
    return contingency(asked.cpu().numpy(), seen.cpu().numpy(), num_classes, num_classes)


def samples_only_accuracy(trained: Trained, images: Tensor, labels: Tensor, num_classes: int, seed: int) -> float:
    """Train on synthetic, test on real: the accuracy on real test images of a classifier trained on samples alone.

    images: uint8 (n, C, H, W); labels: (n,), the classes that they were asked to be.
    """
    config = ClassifierConfig.model_validate(
        PUPIL | {"image_size": trained.config.image_size, "channels": trained.config.channels, "seed": seed}
    )
    batches = _lessons(images, labels, config.batch_size, torch.Generator().manual_seed(seed))
    pupil = train_at_once(config, num_classes, images.device, batches)
    test = load.load_for(trained.config, "test").ordered(trained.classes).to(images.device)
    seen = (test.batch(indices) for indices in torch.arange(len(test)).split(INFERENCE_BATCH))
    return pupil.evaluate((Batch(*batch, epoch=0.0) for batch in seen), Noise(seed, images.device))["accuracy"]


def _lessons(
    images: Tensor, labels: Tensor, batch_size: int, order: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """All of them in batches, several times, each time in another order."""
    for lesson in range(LESSONS):
        batches = torch.randperm(len(images), generator=order).split(batch_size)
        doing = N_("training on synthetic images, {lesson} of {lessons}", lesson=lesson + 1, lessons=LESSONS)
        for indices in following(batches, len(images), doing):
            yield images[indices], labels[indices]


def _labelled_samples(family: Conditional, n: int, seed: int) -> tuple[Tensor, Tensor]:
    """uint8 images (n, C, H, W), and the classes (n,) that they were asked to be: all in turn."""
    labels, noise = torch.arange(n, device=family.device) % family.num_classes, Noise(seed, family.device)
    parts = [
        family.sample(len(part), family.sample_latent(len(part), noise), part)
        for part in following(labels.split(INFERENCE_BATCH), n, N_("drawing images of each class"))
    ]
    return torch.cat([drawn_to_uint8(part) for part in parts]), labels
