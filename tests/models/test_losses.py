"""The losses against closed forms, against torch.distributions, and at values that overflow a careless formula."""

import math

import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from genmodels.models.losses import (
    bernoulli_log_likelihood,
    diversity,
    importance_weighted_bound,
    kl_closed_form,
    kl_per_dimension,
    kl_single_sample,
    normal_log_density,
)


@pytest.fixture
def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("batch", [1, 7, 128])
def test_zero_logits_cost_784_ln_2_and_a_code_like_the_prior_nothing_whatever_the_batch(batch: int):
    """Nats per image: summed over the pixels, then averaged over the batch, by the caller."""
    x = torch.rand(batch, 1, 28, 28).round()
    zeros = torch.zeros(batch, 16)
    assert -bernoulli_log_likelihood(torch.zeros_like(x), x).mean().item() == pytest.approx(543.43, abs=0.005)
    assert kl_closed_form(zeros, zeros).mean().item() == 0
    assert kl_single_sample(torch.randn(batch, 16), zeros, zeros).mean().item() == 0


def test_the_bernoulli_likelihood_is_that_of_torch_distributions(generator: torch.Generator):
    logits = 3 * torch.randn(5, 4, 3, 8, 8, generator=generator, dtype=torch.double)
    x = torch.rand(logits.shape, generator=generator, dtype=torch.double).round()
    expected = Bernoulli(logits=logits).log_prob(x).sum((-3, -2, -1))
    torch.testing.assert_close(bernoulli_log_likelihood(logits, x), expected)


def test_grey_pixels_mix_the_likelihoods_of_black_and_white(generator: torch.Generator):
    logits, grey = torch.randn(2, 1, 4, 4, generator=generator), torch.full((2, 1, 4, 4), 0.25)
    black = bernoulli_log_likelihood(logits, torch.zeros_like(grey))
    white = bernoulli_log_likelihood(logits, torch.ones_like(grey))
    torch.testing.assert_close(bernoulli_log_likelihood(logits, grey), 0.75 * black + 0.25 * white)


def test_diversity_is_the_images_difference_over_that_of_their_noise():
    grey, z = torch.zeros(2, 1, 4, 4), torch.zeros(2, 3)
    assert diversity(grey, grey + 0.5, z, z + 2).item() == pytest.approx(0.25)
    assert diversity(grey, grey, z, z + 2).item() == 0


def test_the_normal_density_is_that_of_torch_distributions(generator: torch.Generator):
    z, mu, logvar = torch.randn(3, 6, 10, generator=generator, dtype=torch.double)
    expected = Normal(mu, torch.exp(0.5 * logvar)).log_prob(z).sum(-1)
    torch.testing.assert_close(normal_log_density(z, mu, logvar), expected)


def test_the_closed_form_kl_is_that_of_torch_distributions(generator: torch.Generator):
    mu, logvar = 2 * torch.randn(2, 6, 10, generator=generator, dtype=torch.double)
    expected = kl_divergence(Normal(mu, torch.exp(0.5 * logvar)), Normal(torch.zeros_like(mu), 1.0))
    torch.testing.assert_close(kl_per_dimension(mu, logvar), expected)
    torch.testing.assert_close(kl_closed_form(mu, logvar), expected.sum(-1))


def test_the_single_sample_kl_is_right_on_average(generator: torch.Generator):
    mu, logvar = torch.tensor([[0.5, -1.0, 2.0]]), torch.tensor([[-2.0, 0.0, 0.5]])
    z = mu + torch.exp(0.5 * logvar) * torch.randn(200_000, 3, generator=generator)
    draws = kl_single_sample(z, mu, logvar)
    standard_error = draws.std().item() / math.sqrt(len(draws))
    assert standard_error < 0.01
    assert draws.mean().item() == pytest.approx(kl_closed_form(mu, logvar).item(), abs=4 * standard_error)


@pytest.mark.parametrize("logit", [-1e4, -100.0, 100.0, 1e4])
@pytest.mark.parametrize("pixel", [0.0, 1.0])
def test_huge_logits_keep_the_likelihood_and_its_gradient_finite(logit: float, pixel: float):
    logits = torch.full((1, 1, 2, 2), logit, requires_grad=True)
    likelihood = bernoulli_log_likelihood(logits, torch.full((1, 1, 2, 2), pixel))
    likelihood.sum().backward()
    wrong = (logit > 0) != (pixel > 0)
    assert likelihood.item() == pytest.approx(-4 * abs(logit) if wrong else 0.0)
    assert logits.grad is not None
    # At a wrong and certain pixel the gradient does not vanish: that is what the logits are for.
    torch.testing.assert_close(logits.grad, torch.full_like(logits, pixel - float(logit > 0)))


def test_one_importance_weight_is_the_elbo(generator: torch.Generator):
    elbo = torch.randn(1, 9, generator=generator)
    torch.testing.assert_close(importance_weighted_bound(elbo), elbo[0])


def test_the_importance_weighted_bound_grows_with_k_up_to_the_evidence(generator: torch.Generator):
    """p(z) = N(0, 1) and p(x|z) = N(z, 1) give p(x) = N(0, 2) exactly; q is a poor guess on purpose."""
    x, mu, logvar = torch.tensor([1.5]), torch.tensor([0.0]), torch.tensor([-0.5])
    zero = torch.zeros(1)
    evidence = normal_log_density(x, zero, torch.tensor([math.log(2.0)])).item()

    def bound(k: int) -> float:
        z = mu + torch.exp(0.5 * logvar) * torch.randn(k, 4000, 1, generator=generator)
        weights = normal_log_density(x, z, zero) + normal_log_density(z, zero, zero) - normal_log_density(z, mu, logvar)
        return importance_weighted_bound(weights).mean().item()

    one, few, many = bound(1), bound(10), bound(500)
    assert one + 0.1 < few < many - 0.005
    assert many < evidence + 0.005
    assert many == pytest.approx(evidence, abs=0.02)


def test_the_importance_weighted_bound_neither_underflows_nor_overflows():
    """exp(-10,000) is 0 even in double precision."""
    for height in (-1e4, 1e4):
        weights = torch.full((50, 3), height, requires_grad=True)
        bound = importance_weighted_bound(weights)
        torch.testing.assert_close(bound, torch.full((3,), height))
        bound.sum().backward()
        torch.testing.assert_close(weights.grad, torch.full((50, 3), 1 / 50))


def test_the_gradients_are_right(generator: torch.Generator):
    def numbers(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.double).requires_grad_()

    x = torch.rand(2, 1, 3, 3, generator=generator, dtype=torch.double)
    assert torch.autograd.gradcheck(lambda logits: bernoulli_log_likelihood(logits, x), numbers(2, 1, 3, 3))
    assert torch.autograd.gradcheck(kl_closed_form, (numbers(2, 3), numbers(2, 3)))
    assert torch.autograd.gradcheck(kl_single_sample, (numbers(2, 3), numbers(2, 3), numbers(2, 3)))
    assert torch.autograd.gradcheck(importance_weighted_bound, numbers(4, 2))
