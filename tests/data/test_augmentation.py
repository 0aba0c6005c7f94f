"""DiffAugment: each image gets its own change, within bounds, and gradients go through."""

from typing import get_args

import pytest
import torch
from torch import Tensor

from genmodels.config.families import CGANConfig, GANConfig
from genmodels.data.augmentation import AUGMENTATIONS, augmented, cut_out, recoloured, translated
from genmodels.data.noise import Noise

POLICIES = get_args(GANConfig.model_fields["augment"].annotation)
N = 200


def pictures(n: int = N, channels: int = 3, side: int = 32) -> Tensor:
    return 2 * torch.rand(n, channels, side, side, generator=torch.Generator().manual_seed(0)) - 1


def test_none_changes_and_draws_nothing():
    noise, images = Noise(0), pictures(4)
    before = noise.generator.get_state()
    assert augmented(images, "none", noise) is images
    assert torch.equal(noise.generator.get_state(), before)


@pytest.mark.parametrize("policy", POLICIES[1:])
@pytest.mark.parametrize(("channels", "side"), [(1, 28), (3, 32), (3, 64)])
def test_images_keep_their_shape_change_one_by_one_and_pass_gradients(policy: str, channels: int, side: int):
    image = pictures(1, channels, side)
    images = image.repeat(8, 1, 1, 1).requires_grad_(True)
    seen = augmented(images, policy, Noise(0))
    assert seen.shape == images.shape
    assert len(seen.detach().flatten(1).unique(dim=0)) >= 6, "two may be moved alike"
    seen.sum().backward()
    assert images.grad is not None
    assert (images.grad.flatten(1).norm(dim=1) > 0).all()


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_same_noise_gives_the_same_change(name: str):
    first, again, other = (augmented(pictures(8), name, Noise(seed)) for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_translation_is_by_an_eighth_of_the_side_at_most_in_every_direction():
    dot = torch.zeros(N, 1, 32, 32)
    dot[:, :, 16, 16] = 1
    moves = translated(dot, Noise(0)).nonzero()[:, 2:] - 16
    assert len(moves) == N
    assert [moves.amin(0).tolist(), moves.amax(0).tolist()] == [[-4, -4], [4, 4]]


def test_a_square_of_half_the_side_or_what_the_edges_leave_of_it_is_cut_out():
    cut = cut_out(torch.ones(N, 3, 28, 28), Noise(0)) == 0
    assert torch.equal(cut.all(1), cut.any(1)), "in all channels alike"
    heights, widths = cut.any((1, 3)).sum(1), cut.any((1, 2)).sum(1)
    assert torch.equal(cut[:, 0].sum((1, 2)), heights * widths)
    for lengths in (heights, widths):
        assert (lengths.min().item(), lengths.max().item()) == (7, 14)
    assert cut[:, 0].float().mean(0).min() > 0, "anywhere"


def test_brightness_contrast_and_saturation_stay_within_their_bounds():
    images = pictures()
    seen = recoloured(images, Noise(0))
    brighter = (seen - images).mean((1, 2, 3))
    assert brighter.abs().max() <= 0.5
    assert brighter.abs().max() > 0.45
    grey, grey_seen = images.mean(1, keepdim=True), seen.mean(1, keepdim=True)
    contrast = grey_seen.std((1, 2, 3)) / grey.std((1, 2, 3))
    assert 0.5 <= contrast.min() < 0.55
    assert 1.45 < contrast.max() <= 1.5
    saturation = (seen - grey_seen).std((1, 2, 3)) / (images - grey).std((1, 2, 3)) / contrast
    assert 0 <= saturation.min() < 0.1
    assert 1.9 < saturation.max() <= 2.0


def test_grey_images_stay_grey_levels_of_what_they_show():
    """So that a digit is still light on dark, at half the contrast at least."""
    digit = torch.full((N, 1, 28, 28), -1.0)
    digit[:, :, 8:20, 12:16] = 1
    seen = recoloured(digit, Noise(0))
    light, dark = seen[:, 0, 10, 13], seen[:, 0, 0, 0]
    assert ((light - dark) >= 1 - 1e-6).all()
    assert all(len(one.round(decimals=5).unique()) == 2 for one in seen)


def test_a_picture_to_be_completed_is_not_augmented():
    with pytest.raises(ValueError, match="augment: must be none with the condition picture"):
        CGANConfig.model_validate({"condition": "picture", "augment": "translation"})
