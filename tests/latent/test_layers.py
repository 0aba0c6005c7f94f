"""A network as its layers: what each gives, what it is made of, and what it weighs, for every family."""

import copy
from typing import Any

import pytest
import torch
from torch import nn

from genmodels.config.base import RunConfig
from genmodels.config.families import (
    CGANConfig,
    ClassifierConfig,
    DCGANConfig,
    FlowConfig,
    InfoGANConfig,
    LatentFlowConfig,
    VAEConfig,
)
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric
from genmodels.latent.feature_maps import most_exciting
from genmodels.latent.layers import Layer, layers
from genmodels.models import build
from genmodels.models.transport import Transport
from tests.support.layers import DOWN, UP, by_hand, networks, noise, pictures


def same(found: list[Layer], expected: list[torch.Tensor]) -> bool:
    return len(found) == len(expected) and all(
        torch.equal(layer.output, maps) for layer, maps in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize("norm", ["batch", "spectral", "none"])
def test_the_maps_are_what_the_layers_give_by_hand(image_size: int, channels: int, down: str, up: str, norm: str):
    options = {"image_size": image_size, "channels": channels, "downsampling": down, "upsampling": up}
    generator, discriminator = networks(critic_norm=norm, **options)
    drawn = layers(generator, noise(2))
    assert same(drawn, by_hand(generator, noise(2)))
    assert drawn[-1].output.shape == (2, channels, image_size, image_size)
    judged = layers(discriminator, drawn[-1].output)
    assert same(judged, by_hand(discriminator, drawn[-1].output))
    sides = [layer.output.shape[2] for layer in judged]
    assert sides[:-1] == [image_size // 2 ** (i + 1) for i in range(len(sides) - 1)]
    assert judged[-1].output.shape == (2, 1, 1, 1)


def test_the_last_maps_are_the_image_and_the_answer():
    generator, discriminator = networks()
    drawn = layers(generator, noise(3))
    assert torch.equal(drawn[-1].output, generator.eval()(noise(3)))
    judged = layers(discriminator, drawn[-1].output)
    assert torch.equal(judged[-1].output.flatten(), discriminator.eval()(drawn[-1].output))
    assert [layer.name for layer in drawn] == [f"Transposed convolution {i}" for i in (1, 2, 3)]
    assert [layer.name for layer in judged] == [f"Convolution {i}" for i in (1, 2, 3)]


def test_the_maps_of_an_image_are_the_same_alone_or_among_others():
    _, discriminator = networks()
    images = to_symmetric(pictures(4))
    together = layers(discriminator, images)
    for index in range(4):
        for alone, among in zip(layers(discriminator, images[index : index + 1]), together, strict=True):
            assert torch.allclose(alone.output[0], among.output[index], atol=1e-5)


def test_looking_changes_neither_mode_nor_weights_and_leaves_no_hook():
    generator, discriminator = networks()
    before = {id(network): copy.deepcopy(network.state_dict()) for network in (generator, discriminator)}
    for training in (True, False):
        generator.train(training)
        discriminator.train(training)
        layers(generator, noise(2))
        most_exciting(discriminator, [(to_symmetric(pictures(5)),)], 2)
        for network in (generator, discriminator):
            assert all(module.training == training for module in network.modules())
            assert not any(module._forward_hooks for module in network.modules())
            for name, value in network.state_dict().items():
                assert torch.equal(value, before[id(network)][name]), name
    assert all(parameter.requires_grad for parameter in (*generator.parameters(), *discriminator.parameters()))


VAE = VAEConfig(width=4, latent_dim=5, hidden=16, blocks=1)
DCGAN = DCGANConfig(width=4, latent_dim=6, blocks=1)
RESIZING = DCGANConfig(width=4, latent_dim=6, downsampling="max pooling", upsampling="nearest + convolution")
CLASSES = CGANConfig(width=4, latent_dim=6)
PARTS = CGANConfig(width=4, latent_dim=6, condition="picture")
INFOGAN = InfoGANConfig(width=4, latent_dim=6, hidden=16)
FAMILIES = [VAE, DCGAN, RESIZING, CLASSES, PARTS, INFOGAN, ClassifierConfig(width=4)]


@pytest.mark.parametrize("generated", [False, True])
@pytest.mark.parametrize("config", FAMILIES, ids=lambda config: config.family)
def test_the_layers_of_every_network_hold_all_its_weights_and_end_in_what_it_draws(config: RunConfig, generated: bool):
    family = build(config, 10)
    passes = family.passes(pictures(3), torch.tensor([7, 1, 2]), Noise(4), generated)
    assert passes
    for title, through in passes.items():
        found = layers(through.network, *through.inputs.values())
        assert sum(layer.weights for layer in found) == sum(weight.numel() for weight in through.network.parameters())
        assert [layer.number for layer in found] == list(range(1, len(found) + 1))
        assert all(len(layer.output) == 3 and layer.output.dim() in (2, 4) for layer in found), title
        if through.draws:
            drawn = through.pixels(found[-1].output)
            assert drawn.shape == (3, config.channels, config.image_size, config.image_size)
            assert drawn.min() >= 0
            assert drawn.max() <= 1


@pytest.mark.parametrize("config", [VAE, DCGAN, CLASSES, INFOGAN], ids=lambda config: config.family)
def test_a_generated_image_is_what_the_other_network_is_shown(config: RunConfig):
    passes = build(config, 10).passes(pictures(2), torch.tensor([7, 1]), Noise(4), generated=True)
    (drawing,) = (through for through in passes.values() if through.draws)
    (reading,) = (through for through in passes.values() if not through.draws)
    drawn = drawing.pixels(layers(drawing.network, *drawing.inputs.values())[-1].output)
    assert torch.allclose(drawn, reading.pixels(reading.inputs["Image"]), atol=1e-6)


@pytest.mark.parametrize(
    "config", [FlowConfig(width=4, blocks=2), LatentFlowConfig(width=4, vae_width=4)], ids=["unet", "mlp"]
)
def test_the_layers_of_a_flow_hold_all_its_weights_and_end_in_what_it_says(config: RunConfig):
    flow = build(config, 10)
    assert isinstance(flow, Transport)
    network = flow.networks[flow.name]
    for weight in network.parameters():
        nn.init.normal_(weight, std=0.3)
    given = (torch.randn(3, *flow.shape), torch.tensor([0.1, 0.5, 0.9]), torch.tensor([7, 1, 10]))
    found = layers(network, *given)
    assert sum(layer.weights for layer in found) == sum(weight.numel() for weight in network.parameters())
    assert torch.equal(found[-1].output, network.eval()(*given))
    assert all(len(layer.output) == 3 for layer in found)


def test_a_convolution_that_joins_two_maps_says_what_it_joins():
    flow = build(FlowConfig(width=4), 10)
    found = layers(flow.networks["unet"], torch.zeros(1, 1, 28, 28), torch.zeros(1), torch.zeros(1, dtype=torch.int64))
    joining = [layer for layer in found if any(part.startswith("with ") for part in layer.parts)]
    down = [layer.name for layer in found if layer.kind == "Residual block"][:3]
    assert [layer.parts[-1] for layer in joining] == [f"with {name}" for name in reversed(down)]
    assert ["nearest ×2" in layer.parts for layer in joining] == [False, True, True]


def described(network: nn.Module, *inputs: torch.Tensor) -> list[tuple[Any, ...]]:
    return [(layer.name, *layer.parts, tuple(layer.output.shape[1:])) for layer in layers(network, *inputs)]


def test_a_vae_is_said_layer_by_layer():
    family = build(VAE)
    passes = family.passes(pictures(1), torch.zeros(1), Noise(0), generated=False)
    encoder, decoder = passes["Encoder"], passes["Decoder"]
    assert described(encoder.network, *encoder.inputs.values()) == [
        ("Convolution 1", "4 × 4, stride 2", "SiLU", (4, 14, 14)),
        ("Convolution 2", "4 × 4, stride 2", (8, 7, 7)),
        ("Residual block 3", "SiLU", (8, 7, 7)),
        ("Fully connected 4", "SiLU", (16,)),
        ("Fully connected 5", (10,)),
    ]
    assert described(decoder.network, *decoder.inputs.values()) == [
        ("Fully connected 1", "SiLU", (16,)),
        ("Fully connected 2", (392,)),
        ("Residual block 3", "SiLU", (8, 7, 7)),
        ("Transposed convolution 4", "4 × 4, stride 2", "SiLU", (4, 14, 14)),
        ("Transposed convolution 5", "4 × 4, stride 2", (1, 28, 28)),
    ]


def test_upsampling_pooling_and_the_class_are_said_where_they_are():
    options = {"downsampling": "average pooling", "upsampling": "nearest + convolution"}
    generator, discriminator = networks(**options)
    assert described(generator, noise(1))[1] == (
        "Convolution 2",
        "nearest ×2",
        "3 × 3",
        "BatchNorm",
        "ReLU",
        (4, 14, 14),
    )
    assert described(discriminator, torch.zeros(1, 1, 28, 28))[0][1:3] == ("3 × 3", "average pooling")
    conditional = build(CGANConfig(width=4, latent_dim=6, embedding=5), 10)
    through = conditional.passes(pictures(1), torch.tensor([3]), Noise(0), generated=True)["Generator"]
    assert described(through.network, *through.inputs.values())[0] == ("Embedding 1", (5,))


def test_two_heads_that_read_the_same_are_parallel_and_nothing_else_is():
    family = build(InfoGANConfig(width=4, latent_dim=6, hidden=16, categories=7, continuous=2))
    through = family.passes(pictures(1), torch.zeros(1), Noise(0), generated=False)["Discriminator"]
    found = layers(through.network, *through.inputs.values())
    assert [layer.output.shape[1] for layer in found[-2:]] == [1, 7 + 2 * 2]
    assert [layer.parallel for layer in found] == [False] * (len(found) - 1) + [True]


def test_a_real_image_comes_with_its_own_class_and_a_generated_one_with_that_it_was_drawn_of():
    family = build(CLASSES, 10)
    real = family.passes(pictures(1), torch.tensor([3]), Noise(0), generated=False)["Discriminator"]
    assert real.inputs["Class"].tolist() == [3]
    assert torch.equal(real.inputs["Image"], to_symmetric(pictures(1)))
    generated = family.passes(pictures(1), torch.tensor([3]), Noise(0), generated=True)
    assert torch.equal(generated["Discriminator"].inputs["Class"], generated["Generator"].inputs["Class"])
