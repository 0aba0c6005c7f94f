"""Labels to draw images of: those that a network does not know are refused in one sentence."""

from typing import Any

import pytest
import torch

from genmodels.config.families import CGANConfig, FlowConfig, InfoGANConfig
from genmodels.models import build

FAMILIES: dict[str, Any] = {
    "cgan": build(CGANConfig(width=4), 10),
    "infogan": build(InfoGANConfig(width=4), 0),
    "flow": build(FlowConfig(width=16, num_steps=1), 10),
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("labels", "error", "sentence"),
    [
        (torch.tensor([3, 99]), ValueError, "these reach from 3 to 99."),
        (torch.tensor([-1, 0]), ValueError, "these reach from -1 to 0."),
        (torch.tensor([1]), ValueError, r"One label an image is needed, 2 in all, and these have the shape \(1,\)."),
        ([1, 2], TypeError, "Labels are needed as a tensor of integers"),
    ],
)
def test_labels_that_cannot_be_drawn_are_refused(name: str, labels: Any, error: type[Exception], sentence: str):
    assert FAMILIES[name].sample(2, labels=torch.tensor([0, 9])).shape == (2, 1, 28, 28)
    with pytest.raises(error, match=sentence):
        FAMILIES[name].sample(2, labels=labels)
