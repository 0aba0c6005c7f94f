"""A flow in the latent space of a VAE: what it learns from, and that it is whole by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from genmodels.config.families import DCGANConfig, LatentFlowConfig, VAEConfig
from genmodels.data.load import load_dataset
from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.models import build
from genmodels.models.base import Batch, Family
from genmodels.models.latent_flow import LatentFlow
from tests.support.gans import CLASSES

VAE_SHAPE = {"latent_dim": 3, "width": 4, "hidden": 16, "blocks": 0}


def vae(**values: Any) -> Family:
    """A small one, whose codes are far from N(0, I)."""
    family = build(VAEConfig.model_validate(VAE_SHAPE | values))
    with torch.no_grad():
        encoder = family.averaged["autoencoder"].get_submodule("encoder")
        last = [module for module in encoder.modules() if isinstance(module, torch.nn.Linear)][-1]
        last.weight.mul_(40)
        last.bias[:3] = torch.tensor([5.0, -5.0, 0.0])
    return family


def digits(n: int = 256) -> Batch:
    return Batch(*load_dataset("mnist-sample", "train", image_size=28, channels=1).batch(torch.arange(n)), epoch=0.0)


def images() -> Iterator[torch.Tensor]:
    yield from digits().images.split(100)


def flow(classes: int = CLASSES, trained: Family | None = None, **values: Any) -> LatentFlow:
    """One that has begun."""
    small = {"width": 16, "blocks": 1, "batch_size": 64, "num_steps": 3, "learning_rate": 1e-2}
    config = LatentFlowConfig.model_validate(small | values).settled(VAEConfig.model_validate(VAE_SHAPE))
    family = build(config, classes)
    assert isinstance(family, LatentFlow)
    family.begin(lambda name: trained or vae(), images())
    family.prepare()
    return family


def learn(family: LatentFlow, steps: int) -> list[float]:
    noise, batch, values = Noise(0), digits(), []
    for step in range(steps):
        values.append(family.step(batch, noise)["explained"].item())
        family.update_average(step + 1)
    return values


@pytest.mark.parametrize("objective", ["flow-matching", "diffusion"])
def test_what_it_learns_from_has_the_mean_and_spread_that_the_objective_is_made_for(objective: str):
    family = flow(objective=objective)
    codes = torch.cat([family.data(digits().images, Noise(seed)) for seed in range(8)])
    torch.testing.assert_close(codes.mean(0), torch.zeros(3), atol=0.03, rtol=0)
    torch.testing.assert_close(codes.std(0), torch.full((3,), family.objective.spread), atol=0.03, rtol=0)


def test_codes_of_the_posterior_are_decoded_as_the_vae_does():
    trained = vae()
    family = flow(trained=trained)
    mu, logvar = trained.encode(digits(4).images)  # type: ignore[attr-defined]
    epsilon = Noise(1).normal(4, 3)
    expected = trained.sample(4, mu + torch.exp(logvar / 2) * epsilon)
    torch.testing.assert_close(family.drawn("posterior", digits(4).images, Noise(1)), expected)
    torch.testing.assert_close(family.drawn("prior", digits(4).images, Noise(1)), trained.sample(4, epsilon))


def test_training_moves_its_own_network_and_nothing_of_the_vae():
    family = flow()
    before = {name: tensor.clone() for name, tensor in family.tensors().items()}
    values = learn(family, 24)
    moved = {
        name.partition(".")[0] for name, tensor in family.tensors().items() if not torch.equal(tensor, before[name])
    }
    assert moved == {"mlp", "ema"}
    assert max(values[-3:]) > values[0] + 0.05


def test_samples_come_closer_to_the_codes_than_the_prior():
    family = flow(learning_rate=3e-3, num_steps=8)
    learn(family, 150)
    codes = family.space.encode(digits().images, torch.zeros(256, 3))
    z = family.sample_latent(200, Noise(1))
    ends = list(family.way(z, num_steps=8))
    prior = (z - family.space.mean) / family.space.deviation
    nearest = [torch.cdist(each, codes).min(1).values.mean().item() for each in (ends[-1], prior)]
    assert nearest[0] < nearest[1] / 2


def test_its_weights_alone_bring_it_back_without_the_vae():
    family = flow()
    learn(family, 2)
    again = build(family.config, CLASSES)
    again.load(family.tensors())
    z, labels = Noise(1).normal(2, 3), torch.tensor([1, 2])
    assert torch.equal(again.sample(2, z, labels), family.sample(2, z, labels))


def test_without_labels_it_draws_all_the_same():
    family = flow(classes=0)
    assert family.sample(3, guidance=2.0).shape == (3, 1, 28, 28)
    assert family.inputs() == {"z": "torch.randn(N, 3)"}


def test_another_kind_of_model_and_other_shapes_are_refused_in_a_sentence():
    with pytest.raises(TrainingError, match="vae-mnist is no VAE"):
        flow(trained=build(DCGANConfig(width=4, latent_dim=2), 0))
    with pytest.raises(TrainingError, match="no longer those of this run"):
        flow(trained=build(VAEConfig.model_validate(VAE_SHAPE | {"width": 8})))


@pytest.mark.parametrize("name", ["../vae", "/tmp/vae", "a b", ""])
def test_the_vae_is_named_and_never_a_path(name: str):
    with pytest.raises(ValueError, match="String should match pattern"):
        LatentFlowConfig.model_validate({"vae": name})
