"""The images that excite the channels of a trained network most."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from genmodels.config.families import VAEConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric
from genmodels.latent.feature_maps import most_exciting, receptive_fields
from genmodels.latent.layers import layers
from genmodels.models import build
from tests.support.layers import DOWN, by_hand, networks, pictures


def in_batches(images: Tensor, size: int = 100) -> Iterator[tuple[Tensor]]:
    """What a discriminator is given of uint8 images, so many at a time."""
    return ((to_symmetric(batch),) for batch in images.split(size))


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("norm", ["batch", "none"])
def test_the_exciting_images_are_those_with_the_largest_values(down: str, norm: str):
    _, discriminator = networks(downsampling=down, critic_norm=norm)
    images = pictures(30)
    found_in_batches = most_exciting(discriminator, in_batches(images, 7), 4)
    for found, layer in zip(found_in_batches, layers(discriminator, to_symmetric(images)), strict=True):
        assert found.name == layer.name
        peaks = layer.output.amax((2, 3))
        for channel in range(peaks.shape[1]):
            chosen = found.images[channel]
            assert len(set(chosen.tolist())) == 4
            assert torch.allclose(found.values[channel], peaks[chosen, channel], atol=1e-5)
            assert found.values[channel].tolist() == sorted(found.values[channel].tolist(), reverse=True)
            others = [index for index in range(len(images)) if index not in chosen]
            assert peaks[others, channel].max() <= found.values[channel][-1] + 1e-5


def test_fewer_images_than_asked_for_are_all_given():
    _, discriminator = networks()
    assert all(found.images.shape[1] == 2 for found in most_exciting(discriminator, in_batches(pictures(2)), 12))


@pytest.mark.parametrize("down", DOWN)
@pytest.mark.parametrize("image_size", [28, 64])
def test_a_place_of_a_map_sees_its_receptive_field_and_nothing_else(down: str, image_size: int):
    _, discriminator = networks(downsampling=down, image_size=image_size)
    x = to_symmetric(pictures(1, side=image_size)).requires_grad_()
    fields = receptive_fields(layers(discriminator, x.detach()), image_size)
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
    changed = layers(discriminator, to_symmetric(images))[0].output
    best = most_exciting(discriminator, in_batches(images), 1)[0]
    excited = [c for c in range(changed.shape[1]) if changed[1, c].max() > changed[0, c].max() + 1e-4]
    assert excited
    for channel in excited:
        assert best.images[channel].tolist() == [1]
        top, left, bottom, right = best.boxes[channel, 0].tolist()
        assert top < 16
        assert bottom > 12
        assert left < 24
        assert right > 20


def test_units_are_excited_by_whole_images_and_a_residual_block_sees_what_both_its_convolutions_see():
    family = build(VAEConfig(width=4, latent_dim=5, hidden=16, blocks=1))
    images = pictures(20)
    through = family.passes(images, torch.zeros(20), Noise(0), generated=False)["Encoder"]
    found = layers(through.network, *through.inputs.values())
    excitations = most_exciting(through.network, [tuple(through.inputs.values())], 3)
    units = excitations[3]
    assert torch.equal(units.images, found[3].output.topk(3, dim=0).indices.T)
    assert (units.boxes == torch.tensor([0, 0, 28, 28])).all()
    before, block = receptive_fields(found, 28)[1:3]
    assert (before.side, block.side) == (10, 26)
    assert block.step == before.step == 4
