"""How large networks are, and whether those of two configs are the same, told without making them."""

import pytest

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES, CGANConfig, DCGANConfig, VAEConfig
from genmodels.models import build
from genmodels.models.fit import misfit, size_of


@pytest.mark.parametrize("family", FAMILIES)
def test_the_size_is_that_of_the_networks(family: str):
    small = {"width": 4} if "width" in FAMILIES[family].model_fields else {}
    config = FAMILIES[family].model_validate(small)
    made = {name: sum(p.numel() for p in network.parameters()) for name, network in build(config, 10).networks.items()}
    assert {name: size.weights for name, size in size_of(config, 10).items()} == made


def test_layers_are_those_that_have_weights_of_their_own():
    deeper = size_of(DCGANConfig(blocks=2), 10)
    assert {name: size.layers - size_of(DCGANConfig(), 10)[name].layers for name, size in deeper.items()} == {
        "generator": 2, "discriminator": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (VAEConfig(), VAEConfig(beta=4, epochs=3, learning_rate=0.1, dataset="kmnist", seed=5), None),
        (VAEConfig(), VAEConfig(beta=4, hidden=32), "hidden"),
        (VAEConfig(), VAEConfig(channels=3), "channels"),
        (DCGANConfig(), DCGANConfig(objective="hinge", optimizer="rmsprop", instance_noise=0.3), None),
        (DCGANConfig(), DCGANConfig(objective="wasserstein-gp", critic_norm="none"), "critic_norm"),
        (DCGANConfig(), DCGANConfig(critic_norm="spectral"), "critic_norm"),
        (DCGANConfig(critic_norm="spectral"), DCGANConfig(critic_norm="spectral", augment="translation"), None),
        (DCGANConfig(), DCGANConfig(downsampling="max pooling"), "downsampling"),
        (
            DCGANConfig(downsampling="average pooling"),
            DCGANConfig(downsampling="max pooling"),
            None,
        ),
        (CGANConfig(), CGANConfig(condition="picture", embedding=64), "condition"),
    ],
)
def test_the_setting_that_changes_the_shapes_is_named(before: RunConfig, after: RunConfig, field: str | None):
    assert misfit(before, 10, after, 10) == field


def test_another_number_of_classes_is_another_data_set():
    assert misfit(CGANConfig(), 10, CGANConfig(dataset="kmnist"), 10) is None
    assert misfit(CGANConfig(), 10, CGANConfig(dataset="cifar10"), 7) == "dataset"
    assert misfit(VAEConfig(), 10, VAEConfig(dataset="kmnist"), 7) is None
