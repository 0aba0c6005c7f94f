"""The GAN objectives as curves: what one image adds to each loss, by the discriminator's logit, and of an objective that pairs
images what a pair adds, by the logit of its one image minus that of the other.

The same as the losses in ``genmodels.models.losses``, which take batches; here without torch, to be drawn on a page.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from genmodels.config.objectives import OBJECTIVES

LossOfLogits = Callable[[np.ndarray], np.ndarray]  # logits (N,) -> losses (N,)


@dataclass(frozen=True)
class LossCurves:
    """What a real and a fake image add to the discriminator's loss, and a fake one to the generator's."""

    real: LossOfLogits
    fake: LossOfLogits
    generator: LossOfLogits


def minus_log_sigmoid(logits: np.ndarray) -> np.ndarray:
    """-log D with D = sigmoid(logit), finite for any logit."""
    return np.logaddexp(0, -logits)


def minus_log_one_minus_sigmoid(logits: np.ndarray) -> np.ndarray:
    """-log(1 - D)."""
    return np.logaddexp(0, logits)


def _smoothed(logits: np.ndarray) -> np.ndarray:
    """The cross-entropy of D with 1 - s, for the smoothing s that the objective asks for."""
    s = OBJECTIVES["cross-entropy"].demands["label_smoothing"]
    return (1 - s) * minus_log_sigmoid(logits) + s * minus_log_one_minus_sigmoid(logits)


_NON_SATURATING = LossCurves(minus_log_sigmoid, minus_log_one_minus_sigmoid, minus_log_sigmoid)
_WASSERSTEIN = LossCurves(np.negative, np.positive, np.negative)

LOSS_CURVES = {
    "non-saturating": _NON_SATURATING,
    "minimax": LossCurves(
        minus_log_sigmoid, minus_log_one_minus_sigmoid, lambda logits: -minus_log_one_minus_sigmoid(logits)
    ),
    "cross-entropy": LossCurves(_smoothed, minus_log_one_minus_sigmoid, minus_log_sigmoid),
    "least-squares": LossCurves(
        lambda logits: (logits - 1) ** 2 / 2, lambda logits: logits**2 / 2, lambda logits: (logits - 1) ** 2 / 2
    ),
    "wasserstein-clip": _WASSERSTEIN,
    "wasserstein-gp": _WASSERSTEIN,
    "hinge": LossCurves(
        lambda logits: np.maximum(0, 1 - logits), lambda logits: np.maximum(0, 1 + logits), np.negative
    ),
    "relativistic": _NON_SATURATING,
}
