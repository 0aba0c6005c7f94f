"""Generators beside each other and beside real images."""

import pytest
import torch
from torch import Tensor

from genmodels.config.families import VAEConfig
from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_unit
from genmodels.errors import DataError
from genmodels.metrics.judge import judge_of
from genmodels.metrics.side_by_side import Comparison, Measured
from genmodels.models import build
from genmodels.models.base import Family

CONFIG = VAEConfig(width=4, hidden=16, latent_dim=2, device="cpu")


@pytest.fixture(scope="module")
def real() -> Tensor:
    return load.load_for(CONFIG, "train").images[:1000]


@pytest.fixture(scope="module")
def comparison(real: Tensor) -> Comparison:
    return Comparison(judge_of(CONFIG), real)


def fid(measured: Measured) -> float:
    found = measured.scores["fid"]
    assert found is not None
    return found


def test_a_single_image_is_too_few():
    with pytest.raises(DataError, match="2 test images at least"):
        Comparison(None, torch.zeros(1, 1, 28, 28, dtype=torch.uint8))


def family_that_draws(images: Tensor) -> Family:
    """A VAE whose samples are these uint8 images, each once."""
    family, position = build(CONFIG, 10), 0

    def random_samples(real: Tensor, noise: Noise) -> Tensor:
        nonlocal position
        position += len(real)
        return to_unit(images[position - len(real) :][: len(real)])

    family.random_samples = random_samples  # type: ignore[method-assign]
    return family


def test_a_generator_of_real_images_is_as_good_as_they_are(comparison: Comparison, real: Tensor):
    others = real[500:]
    found, best = comparison.generated(family_that_draws(torch.cat([others[:10], others]))), comparison.real()
    assert found.scores == best.scores
    assert (found.sharpness, found.diversity) == (best.sharpness, best.diversity)
    assert best.sharpness == pytest.approx(1, abs=0.05)
    assert best.diversity == pytest.approx(1, abs=0.05)
    assert best.milliseconds is None
    assert found.milliseconds is not None
    assert found.milliseconds > 0


def test_blurred_images_are_less_sharp_and_copies_of_one_less_diverse(comparison: Comparison, real: Tensor):
    blurred = torch.nn.functional.avg_pool2d(real[500:].float(), 5, stride=1, padding=2).byte()
    found = comparison.generated(family_that_draws(torch.cat([blurred[:10], blurred])))
    assert found.sharpness < 0.8
    assert fid(found) > 2 * fid(comparison.real())
    one = comparison.generated(family_that_draws(real[500:501].expand(600, -1, -1, -1)))
    assert one.diversity == 0


def test_noise_is_farther_from_real_images_than_anything(comparison: Comparison):
    noise = comparison.noise()
    assert fid(noise) > 50 * fid(comparison.real())
    assert noise.sharpness > 2
    assert noise.milliseconds is None


def test_the_same_seed_gives_the_same_scores(comparison: Comparison):
    family = build(CONFIG, 10)
    assert comparison.generated(family).scores == comparison.generated(family).scores
