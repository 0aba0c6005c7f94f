"""Hidden parts: halves and boxes of the right size, everything now and then, the same for the same seed."""

import pytest
import torch

from genmodels.data import masks
from genmodels.data.noise import Noise


@pytest.mark.parametrize("side", [28, 32, 64])
def test_halves_are_the_four_halves(side: int):
    hidden = masks.sample(2000, side, "half", Noise(0))
    assert hidden.shape == (2000, 1, side, side)
    assert set(hidden.unique().tolist()) == {0.0, 1.0}
    shares = hidden.mean((1, 2, 3))
    assert set(shares.tolist()) == {0.5, 1.0}
    assert (shares == 1).float().mean().item() == pytest.approx(masks.EVERYTHING, abs=0.03)
    halves = hidden[shares == 0.5]
    corners = torch.stack([halves[:, 0, 0, 0], halves[:, 0, 0, -1]], 1)  # upper left and upper right
    for both in ([1, 1], [0, 0], [1, 0], [0, 1]):
        share = (corners == torch.tensor(both)).all(1).float().mean().item()
        assert share == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("side", [28, 64])
def test_boxes_are_whole_boxes_inside_the_image(side: int):
    hidden = masks.sample(2000, side, "box", Noise(1))[:, 0]
    boxes = hidden[hidden.mean((1, 2)) < 1]
    heights, widths = boxes.amax(2).sum(1), boxes.amax(1).sum(1)
    assert torch.equal(boxes.sum((1, 2)), heights * widths)
    assert heights.min() >= round(masks.SMALLEST * side) - 1
    assert widths.max() <= round(masks.LARGEST * side) + 1
    for edge in (boxes[:, 0], boxes[:, -1], boxes[:, :, 0], boxes[:, :, -1]):
        assert edge.any(), "some boxes touch each side"


def test_both_kinds_come_and_the_same_seed_gives_the_same():
    first = masks.sample(500, 28, "half or box", Noise(3))
    assert torch.equal(first, masks.sample(500, 28, "half or box", Noise(3)))
    is_half = (first.mean((1, 2, 3)) == 0.5) & ((first.amax((2, 3)) + first.amin((2, 3)))[:, 0] == 1)
    assert 0.3 < is_half.float().mean().item() < 0.6
    assert not torch.equal(first, masks.sample(500, 28, "half or box", Noise(4)))
