"""Scores of generated images, whatever made them: held against real ones, between the best and the worst one can expect."""

from typing import Any, Protocol

import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import drawn_to_uint8
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.metrics import distances, features
from genmodels.metrics.judge import Judge, classifier_scores, judge_of
from genmodels.metrics.judge_training import judge_for
from genmodels.metrics.scores import LEAST, too_few
from genmodels.models.base import INFERENCE_BATCH
from genmodels.storage.progress import following

SCORES = ("fid", "kid", "precision", "recall", "confident_share", "classes_covered")
OF_CLASSES = SCORES[-2:]  # which need a judge that knows some
COMPARED = 1000  # images that are held against every training image


class Draws(Protocol):
    """What draws images as ``Family.random_samples`` does, a family or one of the ways in which it can."""

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor: ...


def generate(family: Draws, real: Tensor, n: int, noise: Noise, *, without_nan: bool = True) -> Tensor:
    """uint8 images (n, C, H, W), as in training; ``real`` (M, C, H, W) is what a network that completes them is shown parts of.

    without_nan: with 0 for NaN, of which scores tell in other ways; else raises ``NoNumbersError``.
    """
    parts = torch.arange(n, device=real.device).split(INFERENCE_BATCH)
    made = (family.random_samples(real[part % len(real)], noise) for part in following(parts, n, N_("drawing images")))
    return torch.cat([drawn_to_uint8(images.nan_to_num(0, 1, 0) if without_nan else images) for images in made])


def uniform_noise(like: Tensor, seed: int) -> Tensor:
    """uint8 images of the shape of ``like``, on its device, whose pixels are independent: the worst that one can expect."""
    return (256 * Noise(seed, like.device).uniform(*like.shape)).to(torch.uint8)


def score(trained: Trained, n: int, seed: int, with_inception: bool = False) -> dict[str, Any]:
    """Of ``n`` images drawn from ``seed``, against as many test images, or all there are.

    ``fid``, ``kid``, ``precision``, ``recall``: see ``genmodels.metrics.distances``, on the features of ``feature_network``;
    ``confident_share``: called by the judge with a probability above 0.9; ``classes_covered``: classes so
    called at least once in every 1,000 images. Where no pretrained classifier knows the images, a network is trained on them, see
    ``judge_training``: ``judge_task``, ``judge_images`` and ``judge_accuracy`` tell how. The same names with ``_floor`` are of real training images in place of
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
    critic = Critic.of(config, real, with_inception)
    scores: dict[str, Any] = {
        "samples": n,
        "real_images": len(real),
        "feature_network": critic.name,
        "judge": critic.judge.name if critic.judge and critic.judge.classes else None,
        **_of_training(critic.judge),
    }
    scores["reasons"] = {}
    for suffix, images in sets.items():
        found = critic.score(images, seed)
        scores |= {f"{key}{suffix}": value for key, value in found.items()}
        none = {key for key, value in found.items() if value is None}
        scores["reasons"] |= {f"{key}{suffix}": critic.why_none(len(images), key) for key in none}
    all_train = train.batch(torch.arange(len(train)))[0]
    for suffix, images in (("", sets[""]), ("_floor", real)):
        scores[f"nearest_train{suffix}"] = distances.nearest(images[:COMPARED], all_train)[0].mean().item()
    return scores


def _of_training(judge: Judge | None) -> dict[str, Any]:
    """What is to be known of a judge that was trained for these images alone: no two of its kind give numbers that can be compared."""
    if judge is None or not judge.images:
        return {}
    return {"judge_task": judge.task, "judge_images": judge.images, "judge_accuracy": judge.accuracy}


class Critic:
    """The networks that images are scored with: the ``judge``, None where there is none, and ``name``, whose features are compared.

    real: uint8 images (M, C, H, W) that others are held against. ``with_inception``: compare by its features; raises
    ``features.FeatureError`` when its weights cannot be had.
    """

    def __init__(self, judge: Judge | None, real: Tensor, with_inception: bool = False) -> None:
        self.judge, self.own, self.network = judge, None, None
        if judge is not None:
            judge.classifier.to(real.device)
            self.own = self.network = features.of_classifier(judge.name, judge.classifier)
        if with_inception:
            self.network = features.inception(real.device)
        self.name = self.network.name if self.network else None
        self.real_images = len(real)
        self.known = features.extract(self.network, real) if self.network else None

    @classmethod
    def of(cls, config: RunConfig, real: Tensor, with_inception: bool = False) -> "Critic":
        """For images of a config, with ``judge_for`` them; without one where they are too few for any score."""
        return cls(judge_for(config, real.device) if len(real) >= LEAST else judge_of(config), real, with_inception)

    def score(self, images: Tensor, seed: int) -> dict[str, float | None]:
        """The distances of uint8 images (N, C, H, W) from the real ones, and what the judge says of them; each None
        where ``why_none`` says why."""
        scores: dict[str, float | None] = dict.fromkeys(SCORES)
        if min(len(images), self.real_images) < LEAST:
            return scores
        found = features.extract(self.network, images) if self.network else None
        if self.known is not None and found is not None:
            scores["precision"], scores["recall"] = distances.precision_recall(self.known, found)
            scores["fid"] = distances.frechet(self.known, found)
            scores["kid"] = distances.kernel(self.known, found, seed)
        if self.own is not None and self.judge is not None and self.judge.classes:
            own = found if found is not None and self.network is self.own else features.extract(self.own, images)
            scores |= classifier_scores(self.judge.classifier, own)
        return scores

    def why_none(self, images: int, score: str = "fid") -> str:
        """Why so many images lack a score, where they do."""
        fewest = min(images, self.real_images)
        if fewest < LEAST:
            return too_few(fewest)
        if score in OF_CLASSES and self.judge is not None:
            return N_("the images have no labels")
        return N_("no pretrained classifier knows such images, and they are too few to train a network on")
