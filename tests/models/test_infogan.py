"""InfoGAN: the bound is right where it is known, and Q learns from images whose codes are known only."""

import math
from dataclasses import replace
from typing import Any

import pytest
import torch

from genmodels.config.families import InfoGANConfig
from genmodels.data.augmentation import distorted
from genmodels.data.noise import Noise
from genmodels.models.gan import Round
from genmodels.models.infogan import InfoGAN
from genmodels.models.losses import OBJECTIVE_LOSSES, categorical_information, continuous_information
from tests.support.gans import batch, trainable


def gan(**values: Any) -> InfoGAN:
    """A small one that can be trained."""
    family = trainable(InfoGANConfig, **values)
    assert isinstance(family, InfoGAN)
    return family


@pytest.mark.parametrize("categories", [2, 10, 100])
def test_an_even_q_knows_nothing_and_a_perfect_one_everything(categories: int):
    drawn = torch.arange(categories).repeat(5)
    assert categorical_information(torch.zeros(len(drawn), categories), drawn).item() == pytest.approx(0, abs=1e-6)
    perfect = 1e4 * torch.nn.functional.one_hot(drawn, categories).float()
    assert categorical_information(perfect, drawn).item() == pytest.approx(math.log(categories), abs=1e-6)


def test_the_bound_is_never_above_what_there_is():
    generator = torch.Generator().manual_seed(0)
    for scale in (0.1, 1.0, 10.0, 1000.0):
        logits = scale * torch.randn(50, 10, generator=generator)
        for drawn in (logits.argmax(1), torch.randint(10, (50,), generator=generator)):
            assert categorical_information(logits, drawn) <= math.log(10) + 1e-6


def test_a_continuous_code_that_is_known_to_a_width_is_worth_so_much():
    drawn = 2 * torch.rand(10_000, 1, generator=torch.Generator().manual_seed(0)) - 1
    width = 0.01
    mu = drawn + width * torch.randn(10_000, 1, generator=torch.Generator().manual_seed(1))
    exact = math.log(2) - 0.5 * math.log(2 * math.pi * math.e * width**2)
    found = continuous_information(mu, torch.full_like(mu, 2 * math.log(width)), drawn)
    assert found.item() == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("name", OBJECTIVE_LOSSES)
@pytest.mark.parametrize("continuous", [0, 2])
def test_every_objective_moves_both_networks_and_q(name: str, continuous: int):
    family = gan(objective=name, continuous=continuous, n_critic=1)
    before = {key: value.clone() for key, value in family.tensors().items()}
    values = family.step(batch(), Noise(0))
    assert all(torch.isfinite(value) for value in values.values())
    assert set(values) == {curve.name for curve in family.config.drawn()}
    after = family.tensors()
    for part in ("generator.", "discriminator.trunk.", "discriminator.q."):
        assert any(not torch.equal(after[key], before[key]) for key in after if key.startswith(part))


def test_q_is_trained_on_fakes_only():
    """Real images change the trunk that Q stands on, but not what Q learns in a step."""
    gradients = []
    for seed in (1, 2):
        family = gan(info_weight=1.0, learning_rate=1e-12)
        z = family.sample_latent(16, Noise(0))
        fake = family.networks["generator"](z)
        real = 2 * torch.rand(16, 1, 28, 28, generator=torch.Generator().manual_seed(seed)) - 1
        family.discriminator_step(Round(real, fake, fake, z), Noise(0))
        q: Any = family.unwrapped("discriminator").q
        gradients.append(q.weight.grad.clone())
    assert gradients[0].abs().max() > 0
    assert torch.allclose(gradients[0], gradients[1], atol=1e-7)


def test_the_codes_are_drawn_evenly():
    family = gan()
    drawn = family.sample_latent(20_000, Noise(0))
    assert drawn.shape == (20_000, 8 + 10 + 2)
    assert torch.bincount(family.categories(drawn)).div(20_000).tolist() == pytest.approx([0.1] * 10, abs=0.01)
    codes = drawn[:, 18:]
    assert codes.min() >= -1
    assert codes.max() <= 1
    assert codes.var().item() == pytest.approx(1 / 3, abs=0.01)


def test_a_larger_category_weighs_more_and_is_still_the_same_category():
    z, codes, drawn = torch.randn(6, 8), torch.zeros(6, 2), torch.tensor([0, 3, 9, 1, 1, 5])
    small, large = (gan(category_scale=scale).join(z, drawn, codes) for scale in (1, 5))
    hot = torch.nn.functional.one_hot(drawn, 10)
    assert torch.equal(large - small, torch.cat([torch.zeros(6, 8), 4.0 * hot, torch.zeros(6, 2)], 1))
    assert torch.equal(gan(category_scale=5).categories(large), drawn)


def test_a_code_changes_the_image_and_nothing_else_does():
    family, noise = gan(), Noise(0)
    for step in range(3):
        family.step(batch(step), noise)
        family.update_average(step + 1)
    z, labels, codes = torch.randn(6, 8), torch.arange(6), torch.rand(6, 2)
    images = family.sample(6, z, labels, codes)
    assert torch.equal(images, family.sample(6, z, labels, codes))
    assert not torch.equal(images, family.sample(6, z, labels + 1, codes))
    assert not torch.equal(images, family.sample(6, z, labels, codes + 0.5))
    alone = torch.cat([family.sample(1, z[i : i + 1], labels[i : i + 1], codes[i : i + 1]) for i in range(6)])
    assert (images - alone).abs().max() < 1e-4


def test_reading_gives_probabilities_and_changes_nothing():
    family = gan()
    before = {key: value.clone() for key, value in family.tensors().items()}
    probabilities, means = family.read(batch().images)
    assert probabilities.shape == (16, 10)
    assert means.shape == (16, 2)
    assert probabilities.sum(1).tolist() == pytest.approx([1.0] * 16)
    assert family.networks["discriminator"].training
    assert not family.averaged["discriminator"].training
    assert all(torch.equal(value, before[key]) for key, value in family.tensors().items())


def test_the_averaged_discriminator_under_spectral_norm_has_largest_singular_values_of_1():
    """Averages of u and v would be shorter than 1, and the layers that they normalise the stronger for it."""
    family, noise = gan(critic_norm="spectral", ema_decay=0.9, learning_rate=2e-3), Noise(0)
    for step in range(20):
        family.step(batch(step), noise)
        family.update_average(step + 1)
    layers = [m for m in family.averaged["discriminator"].modules() if isinstance(m, torch.nn.Conv2d | torch.nn.Linear)]
    assert len(layers) == 5
    for layer in layers:
        assert torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() == pytest.approx(1, abs=0.05)


def test_the_line_of_the_bound_is_all_there_is():
    config = InfoGANConfig(categories=7)
    ((height, _),) = config.lines()["Information in the categorical code"]
    assert height == pytest.approx(math.log(7))
    panels = {curve.panel for curve in InfoGANConfig(continuous=0).drawn()}
    assert "Information in the continuous codes" not in panels


@pytest.mark.parametrize("categories", [2, 10, 20])
@pytest.mark.parametrize("continuous", [0, 1, 3])
def test_the_grid_of_codes(categories: int, continuous: int):
    family = gan(categories=categories, continuous=continuous)
    previews = family.previews(batch().images)
    rows = min(10, categories)
    assert previews["codes"].shape == (rows * rows, 1, 28, 28)
    assert previews["samples"].shape[0] == 64


def test_images_are_moved_before_the_discriminator_sees_them_and_gradients_go_through():
    family = gan(shift=2)
    images = torch.full((8, 1, 28, 28), -1.0)
    images[:, :, 10:14, 10:14] = 1
    images.requires_grad_(True)
    seen = family.perturb(images, 0.0, Noise(0))
    assert not torch.equal(seen, images)
    assert torch.equal(seen.sum((1, 2, 3)), images.sum((1, 2, 3)))
    seen.sum().backward()
    assert images.grad is not None
    assert (images.grad[:, :, 2:-2, 2:-2] == 1).all()


def test_distorted_images_keep_their_edges_empty_and_gradients_go_through():
    images = torch.full((64, 1, 28, 28), -1.0)
    images[:, :, 8:20, 12:16] = 1
    images.requires_grad_(True)
    seen = gan(distortion=1).perturb(images, 0.0, Noise(0))
    assert seen.shape == images.shape
    assert seen.min() >= -1 - 1e-6
    assert seen.max() <= 1 + 1e-6
    assert torch.allclose(seen[:, :, [0, -1]], torch.tensor(-1.0))
    assert all((one - images[0]).abs().max() > 0.1 for one in seen)
    # As much is written, give or take the stretching.
    assert ((seen + 1).sum((1, 2, 3)) / (images + 1).sum((1, 2, 3))).mean().item() == pytest.approx(1, abs=0.1)
    seen.sum().backward()
    assert images.grad is not None
    assert (images.grad[:, :, 10:18, 13:15] > 0).all()


def test_a_stronger_distortion_moves_the_middle_further():
    images = torch.zeros(200, 1, 28, 28)
    images[:, :, 12:16, 12:16] = 1
    places = torch.arange(28.0)

    def moved(strength: float) -> float:
        seen = distorted(images, strength, Noise(0))
        return ((seen.sum((1, 2)) * places).sum(1) / seen.sum((1, 2, 3)) - 13.5).abs().mean().item()

    assert moved(0) == pytest.approx(0, abs=1e-5)
    assert moved(0.5) == pytest.approx(0.25 * 28 * 0.15 / 2, abs=0.1)  # evenly up to half of 0.15 of half the side
    assert moved(1) == pytest.approx(2 * moved(0.5), rel=0.1)


def test_pairs_share_the_category_and_nothing_else():
    drawn = gan(diversity_weight=1.0).sample_latent(2001, Noise(0))
    categories = gan().categories(drawn)
    assert torch.equal(categories[:2000:2], categories[1::2])
    assert torch.bincount(categories).min() > 120
    assert (drawn[:2000:2] != drawn[1::2])[:, [0, -1]].all()


def test_the_weight_on_their_difference_makes_two_images_of_one_category_differ():
    def difference(weight: float) -> float:
        family, noise = gan(diversity_weight=weight, category_scale=5, learning_rate=2e-3), Noise(1)
        late = [replace(batch(step), epoch=2.0) for step in range(40)]
        return [family.step(each, noise)["diversity"].item() for each in late][-1]

    assert difference(20.0) > 2 * difference(0.01)


def test_the_difference_counts_from_its_start_on():
    def gradient(epoch: float) -> float:
        family = gan(diversity_weight=2.0, diversity_start=3)
        z = family.sample_latent(16, Noise(0))
        drawn = family.networks["generator"](z)
        loss, values = family.generator_extra_loss(Round(drawn, drawn, drawn, z, epoch=epoch))
        assert values["diversity"] > 0
        return (-torch.as_tensor(loss) / values["diversity"]).item()

    assert [gradient(epoch) for epoch in (0, 3, 3.5, 4, 9)] == pytest.approx([0, 0, 1, 2, 2])


def test_distortion_is_refused_where_it_cannot_be_deterministic():
    with pytest.raises(ValueError, match="distortion: must be 0 with deterministic"):
        InfoGANConfig(distortion=1, deterministic=True)
