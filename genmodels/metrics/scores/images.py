"""Scores of generated images, whatever made them: held against real ones, between the best and the worst one can expect."""

from typing import Any, Protocol

import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_uint8
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.metrics import distances, features, judge
from genmodels.metrics.scores import LEAST, too_few
from genmodels.models.base import INFERENCE_BATCH
from genmodels.storage.progress import following

SCORES = ("fid", "kid", "precision", "recall", "confident_share", "classes_covered")
COMPARED = 1000  # images that are held against every training image


class Draws(Protocol):
    """What draws images as ``Family.random_samples`` does, a family or one of the ways in which it can."""

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor: ...


def generate(family: Draws, real: Tensor, n: int, noise: Noise) -> Tensor:
    """uint8 images (n, C, H, W), as in training; ``real`` (M, C, H, W) is what a network that completes them is shown parts of."""
    parts = torch.arange(n, device=real.device).split(INFERENCE_BATCH)
    made = [
        to_uint8(family.random_samples(real[part % len(real)], noise).nan_to_num(0, 1, 0))
        for part in following(parts, n, N_("drawing images"))
    ]
    return torch.cat(made)


def uniform_noise(like: Tensor, seed: int) -> Tensor:
    """uint8 images of the shape of ``like``, on its device, whose pixels are independent: the worst that one can expect."""
    return (256 * Noise(seed, like.device).uniform(*like.shape)).to(torch.uint8)


def score(trained: Trained, n: int, seed: int, with_inception: bool = False) -> dict[str, Any]:
    """Of ``n`` images drawn from ``seed``, against as many test images, or all there are.

    ``fid``, ``kid``, ``precision``, ``recall``: see ``genmodels.metrics.distances``, on the features of ``feature_network``;
    ``confident_share``: called by the pretrained classifier with a probability above 0.9; ``classes_covered``: classes so
    called at least once in every 1,000 images. The same names with ``_floor`` are of real training images in place of
    generated ones, with ``_noise`` of uniform noise. ``nearest_train``: mean root mean square difference of 1,000
    images to the most similar training image, with ``_floor`` of test images; a copy has 0. None where no network
    knows the images, or where they are too few, which ``reasons`` tells by the name of the score.
    """
    config, family = trained.config, trained.family
    test, train = (load.load_for(config, split).to(family.device) for split in ("test", "train"))
    real = test.batch(torch.arange(min(n, len(test))))[0]
    sets = {
        "": generate(family, real, n, Noise(seed, family.device)),
        "_floor": train.batch(torch.arange(min(n, len(train))))[0],
        "_noise": uniform_noise(real, seed),
    }
    critic = Critic(config, real, with_inception)
    scores: dict[str, Any] = {
        "samples": n,
        "real_images": len(real),
        "feature_network": critic.name,
        "judge": critic.judge,
    }
    scores["reasons"] = {}
    for suffix, images in sets.items():
        found = critic.score(images, seed)
        scores |= {f"{key}{suffix}": value for key, value in found.items()}
        why = critic.why_none(len(images))
        scores["reasons"] |= {f"{key}{suffix}": why for key, value in found.items() if value is None}
    all_train = train.batch(torch.arange(len(train)))[0]
    for suffix, images in (("", sets[""]), ("_floor", real)):
        scores[f"nearest_train{suffix}"] = distances.nearest(images[:COMPARED], all_train)[0].mean().item()
    return scores


class Critic:
    """The networks that images of a config are scored with: ``name`` and ``judge``, each None where there is none.

    real: uint8 images (M, C, H, W) that others are held against. ``with_inception``: compare by its features; raises
    ``features.FeatureError`` when its weights cannot be had.
    """

    def __init__(self, config: RunConfig, real: Tensor, with_inception: bool = False) -> None:
        self.judge, self.classifier = judge.judge_of(config)
        self.own = self.network = None
        if self.judge is not None and self.classifier is not None:
            self.classifier.to(real.device)
            self.own = self.network = features.of_classifier(self.judge, self.classifier)
        if with_inception:
            self.network = features.inception(real.device)
        self.name = self.network.name if self.network else None
        self.real_images = len(real)
        self.known = features.extract(self.network, real) if self.network else None

    def score(self, images: Tensor, seed: int) -> dict[str, float | None]:
        """The distances of uint8 images (N, C, H, W) from the real ones, and what the classifier says of them; each None
        where ``why_none`` says why."""
        scores: dict[str, float | None] = dict.fromkeys(SCORES)
        if min(len(images), self.real_images) < LEAST:
            return scores
        found = features.extract(self.network, images) if self.network else None
        if self.known is not None and found is not None:
            scores["precision"], scores["recall"] = distances.precision_recall(self.known, found)
            scores["fid"] = distances.frechet(self.known, found)
            scores["kid"] = distances.kernel(self.known, found, seed)
        if self.own is not None and self.classifier is not None:
            own = found if found is not None and self.network is self.own else features.extract(self.own, images)
            scores |= judge.classifier_scores(self.classifier, own)
        return scores

    def why_none(self, images: int) -> str:
        """Why so many images lack a score, where they do."""
        fewest = min(images, self.real_images)
        return too_few(fewest) if fewest < LEAST else N_("no pretrained classifier knows such images")
