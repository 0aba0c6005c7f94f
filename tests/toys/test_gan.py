"""The GAN of the plane."""

import torch

from genmodels.data.noise import Noise
from genmodels.toys.gan import ToyGAN
from genmodels.toys.setup import SURFACE_SIDE, grid


def trained(steps: int = 20) -> ToyGAN:
    """With real points to the right."""
    torch.manual_seed(0)
    gan, noise = ToyGAN(), Noise(0)
    for _ in range(steps):
        gan.step(noise.normal(64, 2) * 0.1 + torch.tensor([2.0, 0.0]), noise)
    return gan


def test_points_that_follow_the_arrows_fool_the_discriminator_more():
    gan = trained()
    points = gan.samples(Noise(1).normal(50, 2))
    followed = points + 0.01 * gan.pull(points)
    before, after = (gan.losses(points, each)[1] for each in (points, followed))
    assert after < before
    assert gan.pull(points).shape == (50, 2)


def test_the_arrows_are_of_each_point_alone():
    gan = trained()
    points = gan.samples(Noise(1).normal(50, 2))
    torch.testing.assert_close(gan.pull(points)[:3], gan.pull(points[:3]))


def test_the_surface_is_what_the_discriminator_says_from_the_bottom_left_on():
    gan = trained()
    surface = gan.surface().view(SURFACE_SIDE, SURFACE_SIDE)
    assert surface.min() >= 0
    assert surface.max() <= 1
    right = torch.sigmoid(gan.logits(torch.tensor([[3.0, -3.0]]))).item()
    torch.testing.assert_close(surface[0, -1].item(), right)
    assert grid(SURFACE_SIDE)[SURFACE_SIDE - 1].tolist() == [3.0, -3.0]


def test_each_step_moves_both_players_and_leaves_both_trainable():
    gan = trained(1)
    before = [weight.clone() for network in (gan.generator, gan.discriminator) for weight in network.parameters()]
    noise = Noise(2)
    gan.step(noise.normal(64, 2), noise)
    after = [weight for network in (gan.generator, gan.discriminator) for weight in network.parameters()]
    assert all(not torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(weight.requires_grad for weight in after)
