"""What the layers of a trained network make of an image, and the images that excite their channels most."""

import copy
import itertools
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from genmodels.config.families import DCGANConfig
from genmodels.data.pixels import to_symmetric
from genmodels.latent.feature_maps import Stage, most_exciting, receptive_fields, stages
from genmodels.models import build

DOWN = ["strided convolution", "max pooling", "average pooling"]
UP = ["transposed convolution", "nearest + convolution"]


def networks(**values: Any) -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator, untrained, but with statistics of BatchNorm that make the two modes differ."""
    family = build(DCGANConfig.model_validate({"width": 4, "latent_dim": 6} | values), 10)
    generator, discriminator = family.networks["generator"], family.networks["discriminator"]
    for module in (*generator.modules(), *discriminator.modules()):
        if isinstance(module, nn.BatchNorm2d):
            statistics = module.state_dict()
            nn.init.uniform_(statistics["running_mean"], -0.1, 0.1)
            nn.init.uniform_(statistics["running_var"], 0.001, 0.01)
    return generator, discriminator


def pictures(n: int, channels: int = 1, side: int = 28) -> Tensor:
    return torch.randint(
        0, 256, (n, channels, side, side), dtype=torch.uint8, generator=torch.Generator().manual_seed(0)
    )


def noise(n: int) -> Tensor:
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(0))


def by_hand(network: nn.Module, x: Tensor) -> list[Tensor]:
    """The maps after each layer that the next convolution, an upsampling before it, or the end follows."""
    layers = [module for module in copy.deepcopy(network).eval().modules() if not list(module.children())]
    found = []
    for layer, after in itertools.pairwise([*layers, nn.Flatten()]):
        x = layer(x)
        ends = isinstance(after, (nn.Conv2d, nn.ConvTranspose2d, nn.Upsample, nn.Flatten))
        if ends and x.dim() == 4 and not isinstance(layer, (nn.Upsample, nn.Unflatten)):
            found.append(x)
    return found


def same(found: list[Stage], expected: list[Tensor]) -> bool:
    return len(found) == len(expected) and all(
        torch.equal(stage.maps, maps) for stage, maps in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize("norm", ["batch", "none"])
def test_the_maps_are_what_the_layers_give_by_hand(image_size: int, channels: int, down: str, up: str, norm: str):
    options = {"image_size": image_size, "channels": channels, "downsampling": down, "upsampling": up}
    generator, discriminator = networks(critic_norm=norm, **options)
    drawn = stages(generator, noise(2))
    assert same(drawn, by_hand(generator, noise(2)))
    assert drawn[-1].maps.shape == (2, channels, image_size, image_size)
    judged = stages(discriminator, drawn[-1].maps)
    assert same(judged, by_hand(discriminator, drawn[-1].maps))
    sides = [stage.maps.shape[2] for stage in judged]
    assert sides[:-1] == [image_size // 2 ** (i + 1) for i in range(len(sides) - 1)]
    assert judged[-1].maps.shape == (2, 1, 1, 1)


def test_the_last_maps_are_the_image_and_the_answer():
    generator, discriminator = networks()
    drawn = stages(generator, noise(3))
    assert torch.equal(drawn[-1].maps, generator.eval()(noise(3)))
    judged = stages(discriminator, drawn[-1].maps)
    assert torch.equal(judged[-1].maps.flatten(), discriminator.eval()(drawn[-1].maps))
    assert [stage.name for stage in drawn] == [f"Transposed convolution {i}" for i in (1, 2, 3)]
    assert [stage.name for stage in judged] == [f"Convolution {i}" for i in (1, 2, 3)]


def test_the_maps_of_an_image_are_the_same_alone_or_among_others():
    _, discriminator = networks()
    images = to_symmetric(pictures(4))
    together = stages(discriminator, images)
    for index in range(4):
        for alone, among in zip(stages(discriminator, images[index : index + 1]), together, strict=True):
            assert torch.allclose(alone.maps[0], among.maps[index], atol=1e-5)


def test_looking_changes_neither_mode_nor_weights_and_leaves_no_hook():
    generator, discriminator = networks()
    before = {id(network): copy.deepcopy(network.state_dict()) for network in (generator, discriminator)}
    for training in (True, False):
        generator.train(training)
        discriminator.train(training)
        stages(generator, noise(2))
        most_exciting(discriminator, pictures(5), 2)
        for network in (generator, discriminator):
            assert all(module.training == training for module in network.modules())
            assert not any(module._forward_hooks for module in network.modules())
            for name, value in network.state_dict().items():
                assert torch.equal(value, before[id(network)][name]), name
    assert all(parameter.requires_grad for parameter in (*generator.parameters(), *discriminator.parameters()))


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("norm", ["batch", "none"])
def test_the_exciting_images_are_those_with_the_largest_values(monkeypatch: pytest.MonkeyPatch, down: str, norm: str):
    monkeypatch.setattr("genmodels.latent.feature_maps.FEATURE_BATCH", 7)
    _, discriminator = networks(downsampling=down, critic_norm=norm)
    images = pictures(30)
    for found, stage in zip(
        most_exciting(discriminator, images, 4), stages(discriminator, to_symmetric(images)), strict=True
    ):
        assert found.name == stage.name
        peaks = stage.maps.amax((2, 3))
        for channel in range(peaks.shape[1]):
            chosen = found.images[channel]
            assert len(set(chosen.tolist())) == 4
            assert torch.allclose(found.values[channel], peaks[chosen, channel], atol=1e-5)
            assert found.values[channel].tolist() == sorted(found.values[channel].tolist(), reverse=True)
            others = [index for index in range(len(images)) if index not in chosen]
            assert peaks[others, channel].max() <= found.values[channel][-1] + 1e-5


def test_fewer_images_than_asked_for_are_all_given():
    _, discriminator = networks()
    assert all(found.images.shape[1] == 2 for found in most_exciting(discriminator, pictures(2), 12))


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("image_size", [28, 64])
def test_a_place_of_a_map_sees_its_receptive_field_and_nothing_else(down: str, image_size: int):
    _, discriminator = networks(downsampling=down, image_size=image_size)
    x = to_symmetric(pictures(1, side=image_size)).requires_grad_()
    fields = receptive_fields(discriminator)
    for field, maps in zip(fields, by_hand(discriminator, x), strict=True):
        row, column = maps.shape[2] // 2, maps.shape[3] - 1
        (gradient,) = torch.autograd.grad(maps[0, :, row, column].sum(), x, retain_graph=True)
        rows, columns = gradient[0, 0].nonzero().unbind(1)
        for seen, place in ((rows, row), (columns, column)):
            first = max(field.start + field.step * place, 0)
            last = min(field.start + field.step * place + field.side, image_size) - 1
            if down == "max pooling":  # which passes a gradient to the largest pixel only
                assert first <= seen.min()
                assert seen.max() <= last
            else:
                assert (seen.min(), seen.max()) == (first, last)


def test_the_box_of_an_exciting_image_is_where_its_pattern_is():
    _, discriminator = networks()
    images = torch.zeros(3, 1, 28, 28, dtype=torch.uint8)
    images[1, :, 12:16, 20:24] = pictures(1)[0, :, :4, :4]
    changed = stages(discriminator, to_symmetric(images))[0].maps
    best = most_exciting(discriminator, images, 1)[0]
    excited = [c for c in range(changed.shape[1]) if changed[1, c].max() > changed[0, c].max() + 1e-4]
    assert excited
    for channel in excited:
        assert best.images[channel].tolist() == [1]
        top, left, bottom, right = best.boxes[channel, 0].tolist()
        assert top < 16
        assert bottom > 12
        assert left < 24
        assert right > 20
