"""The networks of the plane."""

from collections.abc import Callable
from itertools import pairwise

from torch import nn

WIDTH, LAYERS = 64, 3  # of the hidden layers


def perceptron(inputs: int, outputs: int, activation: Callable[[], nn.Module]) -> nn.Sequential:
    """(B, inputs) -> (B, outputs), through ``LAYERS`` hidden layers of ``WIDTH`` units."""
    widths = [inputs, *[WIDTH] * LAYERS]
    hidden = [layer for before, after in pairwise(widths) for layer in (nn.Linear(before, after), activation())]
    return nn.Sequential(*hidden, nn.Linear(WIDTH, outputs))
