"""Evaluation of a generator while it trains: a few samples, always of the same noise, against real images."""

from functools import cached_property

import torch
from torch import Tensor

from genmodels.config.base import MONITORED, RunConfig
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_uint8, to_unit
from genmodels.metrics import distances, judge
from genmodels.metrics.image_statistics import LEAST, statistics
from genmodels.models.base import Family
from genmodels.models.classifier import Classifier

FOLLOWED = 64  # of them, whose change from one evaluation to the next is measured
SEED = 2  # of their noise, whatever the run's own
PREVIOUS = "checkup.before"  # the name, in checkpoints, of the samples that the next ones are compared with


class SampleMonitor:
    """Evaluates samples of ``family``, which it leaves as it is, against images of the set ``held_out``; the last ones go into the
    checkpoint."""

    def __init__(self, config: RunConfig, family: Family, train_set: Dataset, held_out: Dataset) -> None:
        self.config, self.family = config, family
        self.real, self.held_out = _spread(train_set), _spread(held_out)
        self.reference = statistics(self.real)
        self.previous = self._samples()[:FOLLOWED]

    def evaluate(self) -> dict[str, float]:
        """Scores of the present samples.

        ``diversity``, ``variants``, ``roughness``, ``contrast``: as ``statistics``, each divided by that of real images;
        ``movement``: root mean square difference from the samples of the evaluation before, on a scale from 0 to 1. Where the
        pretrained classifier knows the images also ``fid``, with ``fid_floor`` of real images and ``fid_noise`` of uniform
        noise that the held-out images are compared with in place of the samples, ``confident_share`` and ``classes_covered``, see
        ``genmodels.metrics.judge``.
        """
        samples = self._samples()
        scores = {name: value / max(self.reference[name], LEAST) for name, value in statistics(samples).items()}
        followed, self.previous = self.previous, samples[:FOLLOWED]
        scores["movement"] = (to_unit(self.previous) - to_unit(followed)).square().mean().sqrt().item()
        return scores | self._judged(samples)

    def _samples(self) -> Tensor:
        shown = self.held_out[torch.arange(MONITORED, device=self.held_out.device) % len(self.held_out)]
        drawn = self.family.random_samples(shown, Noise(SEED, self.family.device))
        return to_uint8(drawn.nan_to_num(0, 1, 0))  # what is not finite ends training by its curve, which names it

    @cached_property
    def _judge(self) -> tuple[Classifier, Tensor, dict[str, float]] | None:
        """The classifier, its features of held-out images, and how far those of other real images and of noise are from them."""
        known_judge = judge.judge_of(self.config)
        if (
            known_judge is None
        ):  # none is trained for it: whether one is there already would change which checkpoint is the best
            return None
        classifier = known_judge.classifier
        classifier.to(self.family.device)
        known = classifier.features(self.held_out)
        uniform = (256 * Noise(SEED, self.family.device).uniform(*self.held_out.shape)).to(torch.uint8)
        others = {"fid_floor": self.real, "fid_noise": uniform}
        fids = {name: distances.frechet(known, classifier.features(images)) for name, images in others.items()}
        return classifier, known, fids

    def _judged(self, samples: Tensor) -> dict[str, float]:
        if self._judge is None:
            return {}
        classifier, known, fids = self._judge
        found = classifier.features(samples)
        return {"fid": distances.frechet(known, found)} | fids | judge.classifier_scores(classifier, found)

    def tensors(self) -> dict[str, Tensor]:
        """What the next evaluation is compared with."""
        return {PREVIOUS: self.previous}

    def load(self, tensors: dict[str, Tensor]) -> None:
        """Go on from what ``tensors`` gave; checkpoints of earlier versions have nothing of it."""
        self.previous = tensors.get(PREVIOUS, self.previous).to(self.family.device)


def _spread(images: Dataset) -> Tensor:
    """uint8 images (N, C, H, W) from the whole of a set, which may be sorted."""
    n = min(MONITORED, len(images))
    return images.batch(torch.arange(n) * len(images) // n)[0]
