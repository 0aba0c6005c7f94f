"""The variational autoencoder: shapes, reproducible weights, the loss as reported, and that looking changes nothing."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from torch import Tensor

from genmodels.config.families import VAEConfig
from genmodels.data.noise import Noise
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.models.losses import bernoulli_log_likelihood, importance_weighted_bound, kl_single_sample
from genmodels.models.vae import LOGVAR_BOUND, VAE, Autoencoder, active_units

LATENT = 5


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def vae(**options: Any) -> VAE:
    """A small one, untrained."""
    family = build(VAEConfig(**{"width": 4, "hidden": 16, "latent_dim": LATENT} | options))
    assert isinstance(family, VAE)
    return family


def trained(family: VAE) -> Autoencoder:
    """The network that training steps change."""
    network = family.unwrapped("autoencoder")
    assert isinstance(network, Autoencoder)
    return network


def images(n: int, channels: int = 1, side: int = 28) -> Tensor:
    """Disks of several sizes and places, so that there is something to learn; uint8."""
    generator = torch.Generator().manual_seed(0)
    centre = side / 2 + side / 8 * torch.randn(n, 2, 1, 1, generator=generator)
    radius = side / 8 + side / 4 * torch.rand(n, 1, 1, generator=generator)
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    inside = (y - centre[:, 0]).square() + (x - centre[:, 1]).square() < radius.square()
    return (inside * 255).to(torch.uint8).unsqueeze(1).expand(-1, channels, -1, -1).contiguous()


@pytest.mark.parametrize("blocks", [0, 1])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("image_size", [28, 32, 64])
def test_every_size_and_number_of_channels_comes_out_as_it_went_in(image_size: int, channels: int, blocks: int):
    family = vae(image_size=image_size, channels=channels, blocks=blocks)
    pictures = images(3, channels, image_size)
    mu, logvar = family.encode(pictures)
    assert mu.shape == logvar.shape == (3, LATENT)
    shape = (channels, image_size, image_size)
    assert family.decode(mu).shape == (3, *shape)
    assert family.sample(2).shape == (2, *shape)
    assert family.log_weights(pictures / 255, torch.randn(4, 3, LATENT)).shape == (4, 3)
    previews = family.previews(pictures)
    assert previews["samples"].shape == (64, *shape)
    assert previews["reconstructions"].shape == (6, *shape)
    assert set(previews) == set(VAEConfig.pictures)


def test_images_that_go_out_lie_between_0_and_1():
    """Also when the logits are huge."""
    family = vae()
    with torch.no_grad():
        for parameter in family.model.decoder.parameters():
            parameter.mul_(100)
    previews = family.previews(images(8))
    for pictures in (family.decode(100 * torch.randn(8, LATENT)), family.sample(8), *previews.values()):
        assert pictures.min() >= 0
        assert pictures.max() <= 1
        assert pictures.std() > 0.1


def test_the_previews_pair_each_image_with_its_reconstruction():
    family, originals = vae(), images(40)
    pairs = family.previews(originals)["reconstructions"]
    torch.testing.assert_close(pairs[0::2], originals[:32] / 255)
    torch.testing.assert_close(pairs[1::2], family.decode(family.encode(originals[:32])[0]))


def test_the_same_z_gives_the_same_image_alone_and_in_a_batch():
    family, z = vae(blocks=1), torch.randn(64, LATENT)
    torch.testing.assert_close(family.sample(1, z[5:6])[0], family.sample(64, z)[5], atol=1e-5, rtol=0)


def test_the_same_seed_gives_the_same_first_weights():
    """Whatever the global random state is, which building does not move."""
    torch.manual_seed(1)
    first = vae(seed=3).tensors()
    torch.manual_seed(2)
    before = torch.get_rng_state()
    again = vae(seed=3).tensors()
    assert torch.equal(torch.get_rng_state(), before)
    assert first.keys() == again.keys()
    assert all(torch.equal(first[name], again[name]) for name in first)
    other = vae(seed=4).tensors()
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_the_average_starts_as_the_trained_network():
    tensors = vae().tensors()
    own = [name for name in tensors if not name.startswith("ema.")]
    assert own
    assert all(torch.equal(tensors[name], tensors[f"ema.{name}"]) for name in own)


@pytest.mark.parametrize(
    ("warmup", "epoch", "weight"),
    [(0, 0, 4), (0, 7, 4), (2, 0, 0), (2, 0.5, 1), (2, 1, 2), (2, 2, 4), (2, 100, 4), (0.5, 0.25, 2)],
)
def test_the_kl_weight_rises_to_beta_over_the_warm_up(warmup: float, epoch: float, weight: float):
    assert vae(beta=4, warmup_epochs=warmup).kl_weight(epoch) == pytest.approx(weight)


def test_a_unit_is_active_when_its_mean_moves_with_the_image():
    """The threshold is a variance of 0.01 over the images."""
    signs = torch.tensor([-1.0, 1.0]).repeat(50)[:, None]
    means = 7 + signs * torch.tensor([0, 0.0099**0.5, 0.0101**0.5, 2])
    assert active_units(means).item() == 2
    assert active_units(means[:1]).item() == 0


@pytest.mark.parametrize("batch", [2, 9])
@pytest.mark.parametrize("estimator", ["closed-form", "single-sample"])
def test_a_blank_network_reports_784_ln_2_and_no_kl_whatever_the_batch(batch: int, estimator: str):
    """Logits 0, means 0 and log-variances 0, in a training step and in the evaluation."""
    family = vae(kl_estimator=estimator)
    with torch.no_grad():
        for parameter in (*trained(family).parameters(), *family.model.parameters()):
            parameter.zero_()
    family.prepare(Accelerator(cpu=True))
    inputs = Batch(images(batch), None, 5.0)
    evaluated = family.evaluate([inputs, inputs], Noise(0))
    stepped = {name: value.item() for name, value in family.step(inputs, Noise(0)).items()}
    for values in (evaluated, stepped):
        assert values == pytest.approx({"neg_elbo": 543.4274, "recon": 543.4274, "kl": 0, "active_units": 0})


@pytest.mark.parametrize("prior", ["normal", "mixture", "flow"])
def test_step_and_evaluation_report_exactly_the_curves_that_the_config_declares(prior: str):
    family = vae(prior=prior)
    family.prepare(Accelerator(cpu=True))
    inputs = Batch(images(4), None, 0.0)
    names = {curve.name for curve in family.config.drawn()}
    assert set(family.step(inputs, Noise(0))) == names
    assert set(family.evaluate([inputs], Noise(0))) == names


def test_the_evaluation_is_a_mean_over_images_however_they_are_batched():
    family, pictures = vae(), (images(10) > 0) * torch.tensor(255, dtype=torch.uint8)
    whole = family.evaluate([Batch(pictures, None, 0.0)], Noise(0))
    # The parts draw the same numbers in another order, so only what does not depend on z stays exactly equal.
    parts = family.evaluate([Batch(part, None, 0.0) for part in pictures.split(7)], Noise(0))
    assert parts["kl"] == pytest.approx(whole["kl"], rel=1e-5)
    assert parts["active_units"] == whole["active_units"]
    assert parts["recon"] == pytest.approx(whole["recon"], rel=0.01)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("estimator", ["closed-form", "single-sample"])
def test_huge_log_variances_and_logits_leave_loss_and_weights_finite(estimator: str, sign: int):
    family = vae(kl_estimator=estimator, warmup_epochs=0, learning_rate=0.1)
    network = trained(family)
    with torch.no_grad():
        last = network.encoder.layers[-1]
        assert isinstance(last, torch.nn.Linear)
        last.bias[LATENT:] = sign * 1e6
        for parameter in network.decoder.parameters():
            parameter.mul_(50)
    mu, logvar = network.encoder(images(4) / 255)
    assert torch.isfinite(mu).all()
    assert (logvar.abs() <= LOGVAR_BOUND).all()
    assert network.decoder(torch.randn(4, LATENT)).abs().max() > 1000
    family.prepare(Accelerator(cpu=True))
    for _ in range(3):
        values = family.step(Batch(images(4), None, 1.0), Noise(0))
        assert all(torch.isfinite(value) for value in values.values())
        assert all(p.grad is None or torch.isfinite(p.grad).all() for p in network.parameters())
    assert all(torch.isfinite(parameter).all() for parameter in network.parameters())


def test_training_lowers_the_bound_and_the_average_follows():
    family = vae(warmup_epochs=0, ema_decay=0.9, learning_rate=3e-3, width=8, hidden=64)
    family.prepare(Accelerator(cpu=True))
    inputs, noise = Batch(images(64), None, 0.0), Noise(0)
    before = family.evaluate([inputs], Noise(1))["neg_elbo"]
    for step in range(1, 61):
        family.step(inputs, noise)
        family.update_average(step)
    assert family.evaluate([inputs], Noise(1))["neg_elbo"] < before / 2


PRIORS = ["normal", "mixture", "flow"]


def with_prior(prior: str, latent_dim: int = LATENT) -> VAE:
    """A VAE whose learned prior is far from N(0, I)."""
    family = vae(latent_dim=latent_dim, prior=prior, prior_components=3, prior_couplings=2, prior_width=4)
    for weight in family.model.prior.parameters():
        torch.nn.init.normal_(weight, std=0.5)
    return family


@pytest.mark.parametrize("prior", PRIORS)
def test_the_log_weight_of_one_draw_is_the_single_sample_elbo(prior: str):
    family = with_prior(prior)
    x, epsilon = (images(6) > 0).float(), torch.randn(1, 6, LATENT)
    with torch.no_grad():
        logits, z, mu, logvar, log_prior = family.model(x, epsilon[0])
        elbo = bernoulli_log_likelihood(logits, x) - kl_single_sample(z, mu, logvar, log_prior)
    torch.testing.assert_close(family.log_weights(x, epsilon)[0], elbo)


@pytest.mark.parametrize("prior", PRIORS)
def test_many_draws_give_the_likelihood_of_an_image(prior: str):
    """log p(x) as the integral of p(x|z) p(z) over a grid of codes."""
    family = with_prior(prior, latent_dim=2)
    x = (images(4) > 0).float()
    axis = torch.linspace(-8, 8, 161)
    z = torch.cartesian_prod(axis, axis)
    with torch.no_grad():
        log_prior = family.model.prior(z)
        inside = torch.where(log_prior > -30)[0]  # elsewhere nothing is added
        logits = family.model.decoder(z[inside])
        joint = torch.stack([bernoulli_log_likelihood(logits, one.expand_as(logits)) for one in x]) + log_prior[inside]
    integral = torch.logsumexp(joint, 1) + 2 * torch.log(axis[1] - axis[0])
    bound = importance_weighted_bound(family.log_weights(x, torch.randn(2000, 4, 2)))
    torch.testing.assert_close(bound, integral, atol=0.2, rtol=0)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "look",
    [
        pytest.param(lambda family: family.previews(images(8)), id="previews"),
        pytest.param(lambda family: family.evaluate([Batch(images(8), None, 0.0)], Noise(0)), id="evaluate"),
        pytest.param(lambda family: family.encode(images(8)), id="encode"),
        pytest.param(lambda family: family.decode(torch.zeros(2, LATENT)), id="decode"),
        pytest.param(lambda family: family.log_weights(images(2) / 255, torch.zeros(3, 2, LATENT)), id="log weights"),
    ],
)
def test_looking_changes_neither_weights_nor_modes_nor_random_states(look: Callable[[VAE], object], training: bool):
    family, noise = vae(), Noise(11)
    family.prepare(Accelerator(cpu=True))
    family.step(Batch(images(8), None, 1.0), noise)
    for network in (*family.networks.values(), *family.averaged.values()):
        network.train(training)

    def everything() -> list[Tensor]:
        states = [torch.get_rng_state(), noise.generator.get_state(), torch.from_numpy(np.random.get_state()[1])]  # type: ignore[index]
        gradients = [p.grad for p in trained(family).parameters() if p.grad is not None]
        return [tensor.clone() for tensor in (*family.tensors().values(), *gradients, *states)]

    before, plain = everything(), random.getstate()
    first = look(family)
    assert first is not None
    after = everything()
    assert len(before) == len(after)
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert random.getstate() == plain
    for network in (*family.networks.values(), *family.averaged.values()):
        assert all(module.training is training for module in network.modules())


def test_previews_show_the_same_codes_at_every_call():
    family = vae()
    torch.manual_seed(5)
    first = family.previews(images(4))["samples"]
    torch.manual_seed(6)
    assert torch.equal(family.previews(images(4))["samples"], first)
