"""What a flow's curves and samples give away; the values are those of runs with such faults, see docs/health.md."""

import pytest

from genmodels.config.families import FlowConfig, LatentFlowConfig
from tests.support.health import GOOD_LOOK, Values, kinds, rows

CONFIG = FlowConfig(epochs=6, schedule="constant").model_dump()
LEARNT, BROKEN = {"loss": 0.2, "explained": 0.85}, {"loss": 3.0, "explained": -1.2}
NOISE = {"contrast": 1.1, "diversity": 1.3, "variants": 1.9, "roughness": 4.9, "movement": 0.6}
ONE_STEP = {"contrast": 0.72, "diversity": 0.58, "variants": 0.6, "roughness": 1.4, "movement": 0.02}


def told(train: list[Values], looks: list[Values]) -> list[str]:
    """Of a training whose loss moves a little, as losses do."""
    moved = [row | {"loss": row["loss"] * (1 + 0.1 * (i % 3))} for i, row in enumerate(train)]
    return kinds(CONFIG, rows(moved, looks))


def test_a_loss_that_never_explained_anything_is_stuck():
    assert told([LEARNT | {"explained": 0.1}] * 60, [NOISE] * 6) == ["loss stuck"]


def test_a_network_that_broke_after_it_had_learnt_is_told_by_its_samples():
    assert told([LEARNT] * 30 + [BROKEN] * 30, [GOOD_LOOK] * 3 + [NOISE] * 3) == ["noise"]


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (ONE_STEP, ["grey samples"]),
        (ONE_STEP | {"diversity": 0.9}, []),  # pale, and as various as images
        (ONE_STEP | {"contrast": 0.95}, []),
        (GOOD_LOOK, []),
    ],
)
def test_means_of_many_images_are_grey_and_alike(look: Values, expected: list[str]):
    assert told([LEARNT] * 60, [look] * 6) == expected


def test_a_loss_that_falls_slowly_is_not_frozen_after_an_epoch():
    """The first rows of a small flow in a latent space."""
    losses = (2.001, 1.979, 1.949, 1.973, 1.990, 1.948, 1.929, 1.915, 1.942, 1.931)
    explained = (-0.001, -0.001, 0.004, 0.013, 0.025, 0.024, 0.031, 0.038, 0.036, 0.038)
    seen = [{"loss": loss, "explained": share} for loss, share in zip(losses, explained, strict=True)]
    assert kinds(LatentFlowConfig(epochs=6).model_dump(), rows(seen)) == []
