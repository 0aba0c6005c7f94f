"""Which side of a GAN's game has won."""

import math

import numpy as np

from genmodels.language import N_
from genmodels.training.diagnosis import samples
from genmodels.training.diagnosis.evidence import EPOCH, LEAST_STEPS, Evidence, History, Seen

# Below so much the discriminator's loss says that it tells all images apart; a critic's has no bound.
_CLASSIFIERS = dict.fromkeys(("non-saturating", "minimax", "cross-entropy", "relativistic"), 0.05)
BEATEN = _CLASSIFIERS | {"least-squares": 0.005, "hinge": 0.02}
FOOLED = 0.05  # by so much D says more of fake images than of real ones
NO_GRADIENT = 1e-7
VANISHED = 0.1  # of the largest gradient
# Movement of the samples between two looks with at least ``STRIDE`` of learning rates between them, else in proportion.
STILL, SLOW, STRIDE = 0.01, 0.04, 0.01
MOVES_BY = 100  # steps; averaged weights have hardly left their beginning before
UNMOVED = 1e-3  # of weights, whose spread at the beginning is 0.02 and more
SLOWEST = 0.01  # of the discriminator's learning rate: a generator whose own is lower is not excused by it


def still_generator(run: Evidence) -> Seen:
    gradient, movement = run.curves.get("train/g_gradient"), run.curves.get("score/movement")
    since = gradient.since(gradient.smooth() < NO_GRADIENT, EPOCH) if gradient is not None else None
    if since is None and gradient is not None and _hardly_steps(run, float(gradient.step[-1])):
        since = float(gradient.epoch[0])
    if since is None and movement is not None and not _vanished(run):  # else the discriminator is to blame
        rate = max(run.travel(1), SLOWEST * run.config["learning_rate"])
        still = movement.value < STILL * _strides(run, movement, rate)
        since = movement.since(still & (movement.step >= MOVES_BY))
    if since is None:
        return None
    return since, N_(
        "The generator learns nothing since epoch {since:.3g}: its samples, or its gradient, do not change.",
        since=since,
    )


def _hardly_steps(run: Evidence, step: float) -> bool:
    """Whether no weight of the generator can have moved by then, though its samples may: BatchNorm's averages do."""
    return run.config["generator_rate"] < SLOWEST and step >= LEAST_STEPS and run.travel(step) < UNMOVED


def strong_discriminator(run: Evidence) -> Seen:
    """It tells all images apart, and the samples hardly move; a generator that moves most often recovers."""
    since, movement = _beaten(run), run.curves.get("score/movement")
    if since is None:
        return None
    if movement is not None:
        slow = movement.since(movement.value < SLOW * _strides(run, movement, run.config["learning_rate"]))
        if slow is None or samples.shaped(run.looks[-1]) or samples.copies(run.looks[-1]):
            return None
        since = max(since, slow)
    return since, (
        N_(
            "The discriminator tells all images apart since epoch {since:.3g}: its loss is near its lowest, and "
            "the generator learns little from it.",
            since=since,
        )
    )


def _beaten(run: Evidence) -> float | None:
    """Since when the discriminator has been as good as it can be: for an epoch, or for three where nobody looks at samples."""
    objective, loss = run.config.get("objective"), run.curves.get("train/d_loss")
    if loss is None or objective not in BEATEN:
        return None
    least = _entropy(run.config["label_smoothing"]) if objective == "cross-entropy" else 0.0
    return loss.since(loss.smooth() - least < BEATEN[objective], EPOCH if run.looks else 3 * EPOCH)


def _entropy(p: float) -> float:
    """Of a coin, in nats: the least that cross-entropy with label smoothing ``p`` can be."""
    return -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)


def _vanished(run: Evidence) -> bool:
    gradient = run.curves.get("train/g_gradient")
    return gradient is not None and bool(gradient.smooth()[-1] < VANISHED * gradient.smooth().max())


def _strides(run: Evidence, movement: History, rate: float) -> np.ndarray:
    """What of ``STRIDE`` lies between each look and the one before with steps of ``rate``, at most 1."""
    rates = np.full(len(movement), rate)
    if run.config["schedule"] == "cosine":
        rates *= (1 + np.cos(np.pi * np.minimum(movement.epoch / run.config["epochs"], 1))) / 2
    return np.minimum(1, rates * np.diff(movement.step, prepend=0) / STRIDE)


def strong_generator(run: Evidence) -> Seen:
    real, fake = run.curves.get("train/d_real"), run.curves.get("train/d_fake")
    if real is None or fake is None or len(real) != len(fake):
        return None
    since = real.since(fake.smooth() - real.smooth() > FOOLED, EPOCH)
    if since is None:
        return None
    return since, (
        N_(
            "The generator fools the discriminator since epoch {since:.3g}: fake images are called real more than"
            " real ones, so what it learns says nothing about them.",
            since=since,
        )
    )
