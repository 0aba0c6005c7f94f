"""The priors of a VAE's codes: densities that integrate to 1, codes that follow them, and weights that learn."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.config.families import VAEConfig
from genmodels.models.priors import LOG_SCALE_BOUND, MixtureOfGaussians, Prior, RealNVP, StandardNormal, build_prior

LEARNED = ("mixture", "flow")


def prior(kind: str, latent_dim: int = 2, spread: float = 0.6) -> Prior:
    """A small one with weights from N(0, ``spread``), so that a flow is not the identity."""
    small = {"prior_components": 5, "prior_couplings": 6, "prior_width": 8}
    built = build_prior(VAEConfig.model_validate(small | {"prior": kind, "latent_dim": latent_dim}))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in built.parameters():
            weight.copy_(spread * torch.randn(weight.shape, generator=generator))
    return built.requires_grad_(False)


def draws(built: Prior, n: int) -> Tensor:
    return built.codes(torch.randn(n, built.noise_dim, generator=torch.Generator().manual_seed(1)))


@pytest.mark.parametrize("kind", ["normal", *LEARNED])
@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_density_integrates_to_1_and_is_that_of_the_codes(kind: str, latent_dim: int):
    built = prior(kind, latent_dim)
    codes = draws(built, 20_000)
    low, high = codes.min().item() - 3, codes.max().item() + 3
    axis = torch.linspace(low, high, 1001 if latent_dim == 1 else 801)
    grid = torch.cartesian_prod(*[axis] * latent_dim).view(-1, latent_dim)
    mass = built(grid).exp() * (axis[1] - axis[0]) ** latent_dim
    assert mass.sum().item() == pytest.approx(1, abs=0.01)
    mean = (mass[:, None] * grid).sum(0)
    deviation = (mass[:, None] * (grid - mean).square()).sum(0).sqrt()
    assert ((codes.mean(0) - mean).abs() < 0.03 * deviation).all()  # four standard errors
    torch.testing.assert_close(codes.std(0), deviation, rtol=0.05, atol=0)


@pytest.mark.parametrize("latent_dim", [1, 2, 5, 32])
def test_a_flow_leads_noise_to_codes_and_back(latent_dim: int):
    built, noise = prior("flow", latent_dim, 0.3), torch.randn(16, latent_dim)
    again = built.noise(built.codes(noise))
    assert again is not None
    torch.testing.assert_close(again, noise, atol=1e-4, rtol=1e-4)
    if latent_dim > 1:
        assert (built.codes(noise) - noise).abs().mean() > 0.1


def test_the_density_of_a_flow_is_that_of_the_noise_over_the_volume_that_it_becomes():
    """By the Jacobian of ``codes`` itself."""
    built, noise = prior("flow", 5, 0.3).double(), torch.randn(5, dtype=torch.float64)
    jacobian: Any = torch.autograd.functional.jacobian(lambda z: built.codes(z[None])[0], noise)
    expected = StandardNormal(5)(noise) - torch.linalg.slogdet(jacobian).logabsdet
    torch.testing.assert_close(built(built.codes(noise[None])[0]), expected)


def test_in_a_flow_each_number_comes_to_depend_on_each_other():
    built = prior("flow", 5, 0.3)
    jacobian: Any = torch.autograd.functional.jacobian(lambda z: built.codes(z[None])[0], torch.randn(5))
    assert (jacobian != 0).all()


def test_a_new_flow_is_the_standard_normal():
    built, z = RealNVP(5, couplings=4, width=8), 3 * torch.randn(7, 5)
    torch.testing.assert_close(built(z), StandardNormal(5)(z))
    assert torch.equal(built.codes(z), z)


def test_a_flow_stretches_no_code_beyond_its_bound():
    built, z = prior("flow", 4, 2), torch.randn(64, 4, dtype=torch.float64)
    noise = built.double().noise(z)
    assert noise is not None
    volume = built(z) - StandardNormal(4)(noise)
    assert (volume.abs() <= 6 * 2 * LOG_SCALE_BOUND).all()  # couplings, each of half of the numbers
    assert volume.abs().max() > LOG_SCALE_BOUND


def test_a_mixture_of_one_component_is_that_component():
    one = MixtureOfGaussians(3, 1)
    one.mu.data, one.logvar.data = torch.tensor([[1.0, -2.0, 0.5]]), torch.zeros(1, 3)
    z = torch.tensor([[1.0, -2.0, 0.5]])
    assert one(z).item() == pytest.approx(-1.5 * math.log(2 * math.pi))
    assert torch.equal(one.codes(torch.zeros(1, 4)), z)


def test_each_component_of_a_mixture_is_drawn_as_often_as_the_others():
    built = MixtureOfGaussians(1, 4)
    built.mu.data, built.logvar.data = 100.0 * torch.arange(4.0)[:, None], torch.zeros(4, 1)
    component = (draws(built, 8000)[:, 0] / 100).round().long()
    assert torch.bincount(component).tolist() == pytest.approx([2000] * 4, rel=0.08)


@pytest.mark.parametrize("kind", LEARNED)
def test_it_learns_a_density_that_is_not_normal(kind: str):
    """A bent band, whose entropy a normal distribution of the same mean and spread exceeds by 2.7 nats."""
    generator = torch.Generator().manual_seed(0)
    across = torch.randn(256, generator=generator)
    band = torch.stack([across, across.square() - 1 + 0.1 * torch.randn(256, generator=generator)], 1)
    torch.manual_seed(0)
    built = build_prior(VAEConfig(prior=kind, latent_dim=2, prior_components=20, prior_couplings=4, prior_width=32))  # type: ignore[arg-type]
    optimizer = torch.optim.Adam(built.parameters(), 2e-2)
    for _ in range(60):
        loss = -built(band).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    normal = StandardNormal(2)(band / band.std(0)).mean() - band.std(0).log().sum()
    assert loss.item() < -normal.item() - 0.5
    x, y = draws(built, 500).detach().T
    assert (y - x.square() + 1).abs().median() < 0.75
