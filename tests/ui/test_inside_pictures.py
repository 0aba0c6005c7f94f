"""How the tab "Inside the network" draws layers, and what may be chosen in its diagram."""

from typing import Any

import numpy as np
import pytest

from genmodels.ui.components.network_diagram import Box, read_choice
from genmodels.ui.network.pictures import as_maps, coloured, columns_within, framed


def test_colours_are_black_at_zero_and_tell_the_signs_apart():
    maps = np.zeros((1, 20, 20), np.float32)
    maps[0, 0, 0], maps[0, 0, 1] = 2.0, -2.0
    maps[0, 1, :10], maps[0, 2, :10] = 1.0, -1.0
    found = coloured(maps)[0].transpose(1, 2, 0).astype(int)
    assert found[5, 5].tolist() == [0, 0, 0]
    assert found[0, 0, 0] == found[0, 1, 2] == 255
    assert found[1, 0, 0] > found[1, 0, 2]
    assert found[2, 0, 2] > found[2, 0, 0]
    assert coloured(np.zeros((2, 4, 4), np.float32)).max() == 0


@pytest.mark.parametrize("channels", [1, 3])
def test_a_frame_surrounds_its_box_and_leaves_the_rest(channels: int):
    images = np.full((1, channels, 10, 10), 7, np.uint8)
    picture = framed(images, np.array([[-2, 4, 5, 8]]), 4)[0]
    assert picture.shape == (3, 40, 40)
    orange = (picture != 7).any(0)
    rows, columns = orange.nonzero()
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (0, 19, 16, 31)
    assert not orange[2:18, 18:30].any()
    assert images.max() == 7


def test_units_are_drawn_row_by_row_and_maps_as_large_as_fits():
    units = np.arange(100.0)
    (drawn,) = as_maps(units)
    assert drawn.shape == (5, 20)
    assert np.array_equal(drawn.ravel(), units)
    assert as_maps(np.ones(7)).shape == (1, 1, 7)
    assert columns_within(np.zeros((32, 14, 14)), 720, 400) == (8, 6)
    assert columns_within(np.zeros((1, 28, 28)), 720, 400) == (1, 14)
    assert columns_within(np.zeros((64, 900, 900)), 720, 400)[1] == 1


@pytest.mark.parametrize("sent", [None, "1", 1.0, True, -1, 0, 3])
def test_only_a_layer_can_be_chosen(sent: Any):
    boxes = [Box("Image", (), layer=False), Box("one", ()), Box("two", ())]
    assert read_choice(sent, boxes, 2) == 2
    assert read_choice(1, boxes, 2) == 1
