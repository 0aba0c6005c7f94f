"""What the grid of images believes of what a browser sends: the index of one of its images, or nothing."""

from typing import Any

import pytest

from genmodels.ui.components.clickable_grid import pressed


@pytest.mark.parametrize("index", [0, 7, 224])
def test_an_image_of_the_grid_is_pressed(index: int):
    assert pressed(index, 225) == index


@pytest.mark.parametrize("sent", [None, -1, 225, 1.5, 3.0, True, "3", [3], {"pressed": 3}, 10**30], ids=repr)
def test_everything_else_is_nothing(sent: Any):
    assert pressed(sent, 225) is None
