"""The conditional GAN: both networks heed what they are told."""

from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.config.families import CGANConfig
from genmodels.data import masks
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric, to_unit
from genmodels.errors import TrainingError
from genmodels.models import build
from genmodels.models.cgan import CGAN, shown
from genmodels.models.losses import OBJECTIVE_LOSSES
from tests.support.gans import CLASSES, batch, trainable


def gan(**values: Any) -> CGAN:
    """A small one that can be trained."""
    family = trainable(CGANConfig, **values)
    assert isinstance(family, CGAN)
    return family


@pytest.mark.parametrize("name", OBJECTIVE_LOSSES)
@pytest.mark.parametrize("condition", ["label", "picture"])
def test_every_objective_moves_both_networks(name: str, condition: str):
    family = gan(objective=name, condition=condition, n_critic=1)
    before = {key: value.clone() for key, value in family.tensors().items()}
    values = family.step(batch(), Noise(0))
    assert all(torch.isfinite(value) for value in values.values())
    assert set(values) == {curve.name for curve in family.config.drawn()}
    after = family.tensors()
    for part in ("generator.", "discriminator."):
        assert any(not torch.equal(after[key], before[key]) for key in after if key.startswith(part))


@pytest.mark.parametrize("image_size", [28, 32, 64])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("condition", ["label", "picture"])
def test_every_size_has_previews_and_test_curves(image_size: int, channels: int, condition: str):
    family = gan(image_size=image_size, channels=channels, condition=condition)
    looked_at = batch(n=5, channels=channels, side=image_size)
    previews = family.previews(looked_at.images)
    assert set(previews) == ({"samples", "completions"} if condition == "picture" else {"samples"})
    for pictures in previews.values():
        assert pictures.shape[1:] == (channels, image_size, image_size)
        assert pictures.min() >= 0
        assert pictures.max() <= 1
    assert set(family.evaluate([looked_at], Noise(0))) == {"d_real"}
    again = family.previews(looked_at.images)
    assert all(torch.equal(again[name], previews[name]) for name in previews)


def test_labels_of_fakes_are_drawn_evenly_the_last_included():
    _, (drawn,) = gan().condition(torch.empty(20_000, 1, 28, 28), torch.zeros(20_000, dtype=torch.long), Noise(0))
    assert torch.bincount(drawn, minlength=CLASSES).div(20_000).tolist() == pytest.approx([0.1] * CLASSES, abs=0.01)


def test_the_class_changes_what_is_drawn_and_what_is_called_real():
    family = gan()
    z = torch.randn(1, 8)
    images = [family.sample(1, z, torch.tensor([label])) for label in range(CLASSES)]
    assert all(not torch.equal(images[0], other) for other in images[1:])
    x, discriminator = to_symmetric(batch().images), family.unwrapped("discriminator").eval()
    assert not torch.equal(discriminator(x, torch.full((16,), 3)), discriminator(x, torch.full((16,), 7)))


def test_without_labels_all_classes_come_in_turn():
    family = gan()
    z = torch.randn(20, 8)
    assert torch.equal(family.sample(20, z), family.sample(20, z, torch.arange(20) % CLASSES))


@pytest.mark.parametrize("condition", ["label", "picture"])
def test_the_same_noise_gives_the_same_image_alone_or_among_others(condition: str):
    family, noise = gan(condition=condition), Noise(0)
    for step in range(3):
        family.step(batch(step), noise)
        family.update_average(step + 1)
    z, labels = torch.randn(64, 8), torch.arange(64) % CLASSES
    together = family.sample(64, z, labels)
    alone = torch.cat([family.sample(1, z[i : i + 1], labels[i : i + 1]) for i in range(64)])
    assert (together - alone).abs().max() < 1e-4


def test_completions_differ_more_when_that_is_rewarded():
    def difference(weight: float) -> float:
        torch.manual_seed(0)
        family, noise = gan(condition="picture", diversity_weight=weight, learning_rate=2e-3), Noise(1)
        return [family.step(batch(step), noise)["diversity"].item() for step in range(40)][-1]

    assert difference(20) > 1.5 * difference(1e-6)


def test_each_picture_is_completed_twice():
    family = gan(condition="picture")
    for n in (1, 2, 5):
        real = to_symmetric(batch(n=n).images)
        (real_condition,), (fake_condition,) = family.condition(real, None, Noise(0))
        assert fake_condition.shape == real_condition.shape
        for i in range(n):
            shown_once_more = i % 2 == 1 or i == n - 1  # the last one of an odd number is alone
            assert torch.equal(fake_condition[i], real_condition[i // 2 * 2 if shown_once_more else i])
        family.step(batch(n=n + 1), Noise(0))


def test_what_is_shown_stays_and_what_is_hidden_is_not_seen():
    family = gan(condition="picture")
    images, hidden, z = batch().images, masks.sample(16, 28, "box", Noise(2)), torch.randn(16, 8)
    completed = family.complete(images, hidden, z)
    visible = hidden.expand_as(images) == 0
    assert torch.allclose(completed[visible], to_unit(images)[visible], atol=1e-6)

    def with_other_hidden_pixels() -> Tensor:
        return torch.where(visible, images, batch(1).images)

    assert torch.equal(family.complete(with_other_hidden_pixels(), hidden, z), completed)
    assert not torch.equal(family.complete(images, hidden, torch.randn(16, 8)), completed)


def test_a_network_that_completes_pictures_draws_without_any_too():
    family = gan(condition="picture")
    z = torch.randn(4, 8)
    everything = torch.ones(4, 1, 28, 28)
    assert torch.equal(family.sample(4, z), family.complete(batch(n=4).images, everything, z))


def test_what_is_shown_is_marked():
    image = torch.full((1, 1, 4, 4), 0.5)
    hidden = torch.zeros(1, 1, 4, 4)
    hidden[..., :2] = 1
    seen = shown(image, hidden)
    assert seen[0, 0].unique().tolist() == [0.0, 0.5]
    assert torch.equal(seen[:, 1:], hidden)


def test_images_without_classes_cannot_be_told_one():
    with pytest.raises(TrainingError, match="subfolder a class"):
        build(CGANConfig(), 0)
    build(CGANConfig(condition="picture"), 0)
