"""Rows that a run might have left, and what the diagnosis says of them."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from genmodels.training.diagnosis import Finding, diagnose

STEPS_PER_EPOCH = 100
GOOD_LOOK = {"diversity": 0.95, "variants": 0.8, "contrast": 1.0, "roughness": 1.1, "movement": 0.05}
GOOD_GAME = {"d_loss": 1.1, "g_loss": 1.0, "d_real": 0.6, "d_fake": 0.4, "g_gradient": 0.5}

Values = dict[str, float]


def rows(
    train: Sequence[Values] = (),
    looks: Sequence[Values] = (),
    test: Sequence[Values] = (),
    steps_per_epoch: int = STEPS_PER_EPOCH,
) -> pd.DataFrame:
    """Ten training rows an epoch; a look at the samples, and at test images, after each."""
    found = []
    for split, values, distance in (
        ("train", train, steps_per_epoch // 10),
        ("score", looks, steps_per_epoch),
        ("test", test, steps_per_epoch),
    ):
        for index, row in enumerate(values, 1):
            step = index * distance
            found += [(f"{split}/{name}", step, step / steps_per_epoch, value) for name, value in row.items()]
    return pd.DataFrame(found, columns=["name", "step", "epoch", "value"]).sort_values("step", kind="stable")


def moving(values: Values, n: int = 60) -> list[Values]:
    """As a loss does that has something to learn."""
    return [{name: value * (1 + 0.3 * math.cos(i)) for name, value in values.items()} for i in range(n)]


def findings(config: Mapping[str, Any], frame: pd.DataFrame) -> list[Finding]:
    return list(diagnose(config, frame).findings)


def kinds(config: Mapping[str, Any], frame: pd.DataFrame) -> list[str]:
    return [finding.kind for finding in findings(config, frame)]


def state(config: Mapping[str, Any], frame: pd.DataFrame) -> str:
    return str(diagnose(config, frame))
