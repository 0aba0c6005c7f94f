"""The DCGAN: what its networks are, and what one step of each objective does."""

import copy
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genmodels.cli.train import parse
from genmodels.config.command_line import command_line
from genmodels.config.families import DCGANConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric
from genmodels.models.dcgan import DCGAN
from genmodels.models.gan import Round
from genmodels.models.losses import OBJECTIVE_LOSSES, zero_centred_penalty
from tests.support.gans import batch, trainable

NAMES = list(OBJECTIVE_LOSSES)


def gan(**values: Any) -> DCGAN:
    """A small one that can be trained."""
    family = trainable(DCGANConfig, **values)
    assert isinstance(family, DCGAN)
    return family


def copied(network: nn.Module) -> dict[str, Tensor]:
    return copy.deepcopy(network.state_dict())


def moved(network: nn.Module, before: dict[str, Tensor]) -> bool:
    parameters = dict(network.named_parameters())
    return any(not torch.equal(parameters[name], before[name]) for name in parameters)


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("downsampling", ["strided convolution", "max pooling", "average pooling"])
@pytest.mark.parametrize("upsampling", ["transposed convolution", "nearest + convolution"])
def test_every_size_and_way_of_sampling(image_size: int, channels: int, downsampling: str, upsampling: str):
    family = gan(image_size=image_size, channels=channels, downsampling=downsampling, upsampling=upsampling)
    fake = family.networks["generator"](torch.randn(3, 8))
    assert fake.shape == (3, channels, image_size, image_size)
    assert fake.abs().max() <= 1
    assert family.networks["discriminator"](fake).shape == (3,)
    strided = [m for m in family.networks["discriminator"].modules() if isinstance(m, nn.Conv2d) and m.stride == (2, 2)]
    assert bool(strided) == (downsampling == "strided convolution")
    assert any(isinstance(m, nn.Upsample) for m in family.networks["generator"].modules()) == ("nearest" in upsampling)


def test_the_networks_are_those_of_the_paper():
    family = gan(width=64, latent_dim=100)
    generator: Any = family.networks["generator"]
    discriminator: Any = family.networks["discriminator"]
    kinds = [type(layer).__name__ for layer in discriminator.modules() if not list(layer.children())]
    assert "Sigmoid" not in kinds
    assert kinds[:4] == ["Conv2d", "LeakyReLU", "Conv2d", "BatchNorm2d"]
    assert type(generator.layers[-1]).__name__ == "Tanh"
    for module in (*generator.modules(), *discriminator.modules()):
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            assert module.weight.std().item() == pytest.approx(0.02, rel=0.15)
        if isinstance(module, nn.BatchNorm2d):
            assert module.weight.mean().item() == pytest.approx(1, abs=0.02)
    for optimizer in family.optimizers.values():
        assert optimizer.defaults["lr"] == 2e-4
        assert optimizer.defaults["betas"] == (0.5, 0.999)


def test_the_same_noise_gives_the_same_image_alone_or_among_others():
    family = gan()
    noise = Noise(0)
    for step in range(3):
        family.step(batch(step), noise)
        family.update_average(step + 1)
    z = torch.randn(64, 8)
    together = family.sample(64, z)
    assert together.min() >= 0
    assert together.max() <= 1
    alone = torch.cat([family.sample(1, each[None]) for each in z])
    assert (together - alone).abs().max() < 1e-4


def test_what_is_loaded_makes_the_same_images():
    family, noise = gan(), Noise(0)
    for step in range(3):
        family.step(batch(step), noise)
        family.update_average(step + 1)
    z = torch.randn(8, 8)
    again = gan(seed=5)
    again.load(family.tensors())
    assert torch.equal(again.sample(8, z), family.sample(8, z))


def test_weights_of_the_first_version_are_taken():
    family = gan()
    family.step(batch(), Noise(0))
    first_version = {
        name.replace("discriminator.features.", "discriminator.layers.").replace(
            "discriminator.last.0.", "discriminator.layers.5."
        ): value
        for name, value in family.tensors().items()
    }
    assert "discriminator.layers.5.weight" in first_version
    again = gan(seed=5)
    again.load(first_version)
    assert all(torch.equal(value, family.tensors()[name]) for name, value in again.tensors().items())


def test_the_average_has_the_generators_batch_norm_too():
    family = gan()
    family.step(batch(), Noise(0))
    family.update_average(1)
    trained, average = family.unwrapped("generator").state_dict(), family.averaged["generator"].state_dict()
    (name,) = [key for key in trained if key.endswith("2.running_var")]
    assert not torch.equal(average[name], torch.ones_like(average[name]))
    assert not torch.equal(average[name], trained[name])


def test_without_an_average_samples_are_those_of_the_last_weights():
    family = gan(ema_decay=0)
    family.step(batch(), Noise(0))
    family.update_average(1)
    for name, value in family.unwrapped("generator").state_dict().items():
        assert torch.equal(value, family.averaged["generator"].state_dict()[name]), name


@pytest.mark.parametrize("name", NAMES)
def test_a_step_of_the_generator_raises_what_a_frozen_critic_says_of_fakes(name: str):
    family = gan(objective=name, n_critic=1)
    family.step(batch(), Noise(0))
    z, real = torch.randn(64, 8), to_symmetric(batch(n=64).images)
    generator, critic = family.networks["generator"], family.unwrapped("discriminator")
    before = critic(generator(z)).mean().item()
    for _ in range(3):
        frozen = copied(critic)
        fake = generator(z)
        family.generator_step(Round(real, fake, fake, z))
        assert not moved(critic, frozen)
    assert critic(generator(z)).mean().item() > before
    assert all(parameter.requires_grad for parameter in critic.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_a_step_moves_both_networks_and_tells_finite_values(name: str):
    family = gan(objective=name, n_critic=1)
    before = {key: copied(family.unwrapped(key)) for key in family.networks}
    values = family.step(batch(), Noise(0))
    assert all(torch.isfinite(value).all() and not value.requires_grad for value in values.values())
    assert set(values) == {curve.name for curve in family.config.drawn()}
    assert all(moved(family.unwrapped(key), before[key]) for key in family.networks)


def test_the_generator_waits_for_its_turn():
    family, noise = gan(objective="wasserstein-clip"), Noise(0)
    assert family.config.n_critic == 5
    for step in range(10):
        before = {key: copied(family.unwrapped(key)) for key in family.networks}
        values = family.step(batch(step), noise)
        turn = step in (4, 9)
        assert moved(family.unwrapped("generator"), before["generator"]) == turn
        assert moved(family.unwrapped("discriminator"), before["discriminator"])
        assert ("g_loss" in values) == turn


def test_after_clipping_every_weight_of_the_critic_is_within_the_bound():
    family = gan(objective="wasserstein-clip", clip=0.005)
    family.step(batch(), Noise(0))
    weights = torch.cat([parameter.flatten() for parameter in family.unwrapped("discriminator").parameters()])
    assert weights.abs().max() <= 0.005
    assert (weights.abs() == 0.005).any()


def test_spectral_norm_keeps_the_largest_singular_value_of_each_layer_of_the_discriminator_at_1():
    family, noise = gan(critic_norm="spectral", learning_rate=2e-3), Noise(0)
    for step in range(20):
        family.step(batch(step), noise)
    discriminator, generator = family.unwrapped("discriminator").eval(), family.unwrapped("generator")
    assert not any(isinstance(module, nn.BatchNorm2d) for module in discriminator.modules())
    for layer in discriminator.modules():
        if isinstance(layer, nn.Conv2d):
            assert torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item() == pytest.approx(1, abs=0.05)
    assert not any("parametrizations" in name for name in generator.state_dict())


def test_zero_centred_penalties_flatten_the_critic_where_they_are_taken():
    """After some steps a critic is less steep at real images with R1, at fake ones with R2, than without."""

    def steepness(**weights: float) -> tuple[float, float]:
        family, noise = gan(critic_norm="none", learning_rate=2e-3, **weights), Noise(0)
        for step in range(20):
            family.step(batch(step), noise)
        fake = family.networks["generator"](torch.randn(64, 8, generator=torch.Generator().manual_seed(1)))
        critic, real = family.unwrapped("discriminator"), to_symmetric(batch(n=64).images)
        return zero_centred_penalty(critic, real).item(), zero_centred_penalty(critic, fake).item()

    at_real, at_fake = steepness()
    assert steepness(r1_weight=100.0)[0] < at_real / 4
    assert steepness(r2_weight=100.0)[1] < at_fake / 4


def test_the_penalty_allows_no_batch_norm_in_the_critic():
    critic = gan(objective="wasserstein-gp").unwrapped("discriminator")
    assert not any(isinstance(module, nn.BatchNorm2d) for module in critic.modules())
    with pytest.raises(ValueError, match="critic_norm"):
        DCGANConfig(objective="wasserstein-gp", critic_norm="batch")


def test_looking_changes_nothing():
    family, noise = gan(), Noise(0)
    family.step(batch(), noise)
    before = {name: value.clone() for name, value in family.tensors().items()}
    first = family.previews(batch().images)["samples"]
    family.evaluate([batch(1)], Noise(1))
    assert torch.equal(family.previews(batch(2).images)["samples"], first)
    assert all(torch.equal(value, before[name]) for name, value in family.tensors().items())
    assert family.networks["discriminator"].training


@pytest.mark.parametrize("name", NAMES)
def test_the_command_of_a_config_gives_it_back(name: str):
    for config in (DCGANConfig(objective=name), DCGANConfig(objective=name, n_critic=1, learning_rate=2e-4, beta1=0.5)):
        assert parse(command_line(config).split()[2:]).config == config


def test_instance_noise_is_on_what_the_discriminator_sees_and_on_no_sample():
    plain, noisy = gan(), gan(instance_noise=0.5)
    seen: list[Tensor] = []
    noisy.networks["discriminator"].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    noisy.step(batch(), Noise(0))
    real, fake = seen[:2]
    clean = 2 * batch().images.float() / 255 - 1
    assert (real - clean).std().item() == pytest.approx(0.5, rel=0.05)
    assert fake.abs().max() > 1
    z = torch.randn(4, 8)
    before = noisy.sample(4, z)
    assert torch.equal(noisy.sample(4, z), before)
    plain.load(noisy.tensors())
    assert torch.equal(plain.sample(4, z), before)
    with pytest.raises(ValueError, match="instance_noise"):
        DCGANConfig(instance_noise=-0.1)


def test_both_kinds_of_images_are_augmented_before_the_discriminator_sees_them():
    family, seen = gan(augment="translation + cutout"), list[Tensor]()
    family.networks["discriminator"].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    family.step(batch(), Noise(0))
    for images in seen:  # real and fake ones for the discriminator, then fake ones for the generator
        assert len(seen) == 3
        assert (images == 0).sum((1, 2, 3)).min() >= 7 * 7
    assert (family.sample(16) == 0.5).float().mean() < 0.01


@pytest.mark.parametrize(("epoch", "left"), [(0.0, 0.5), (5.0, 0.25), (9.9, 0.005)])
def test_fading_instance_noise_falls_to_nothing(epoch: float, left: float):
    family, seen = gan(instance_noise=0.5, noise_fades=True, epochs=10), list[Tensor]()
    family.networks["discriminator"].register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0].detach()))
    family.step(replace(batch(), epoch=epoch), Noise(0))
    assert (seen[0] - to_symmetric(batch().images)).std().item() == pytest.approx(left, rel=0.05)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop"])
def test_the_generator_can_take_larger_steps_than_the_discriminator(optimizer: str):
    def step_sizes(rate: float) -> dict[str, float]:
        family = gan(optimizer=optimizer, generator_rate=rate)
        before = {name: copied(network) for name, network in family.networks.items()}
        family.step(batch(), Noise(0, "cpu"))
        return {
            name: max(
                (parameter - before[name][key]).abs().max().item() for key, parameter in network.named_parameters()
            )
            for name, network in family.networks.items()
        }

    usual, larger = step_sizes(1), step_sizes(5)
    assert larger["generator"] == pytest.approx(5 * usual["generator"], rel=0.01)
    assert larger["discriminator"] == usual["discriminator"]
