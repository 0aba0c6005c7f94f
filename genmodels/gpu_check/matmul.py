"""The device's own speed: products of large matrices, which no training step can be faster than."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from genmodels.config.base import RunConfig
from genmodels.data.dataset import Dataset
from genmodels.gpu_check.bare import bare, images_per_second

SIDES = {"cuda": 8192, "cpu": 1024}


def product_flops(device: torch.device, dtype: torch.dtype, seconds: float) -> float:
    """Floating-point operations a second of a product of two square matrices of random numbers."""
    side = SIDES[device.type]
    products = _products(*torch.randn(2, side, side, device=device, dtype=dtype))
    next(products)  # the first one takes longer
    return images_per_second(products, 2 * side**3, seconds, device)


def _products(a: Tensor, b: Tensor) -> Iterator[None]:
    while True:
        torch.matmul(a, b)
        yield


def step_flops(config: RunConfig, train: Dataset) -> float:
    """Floating-point operations of one whole step for one image, its backward passes and its moving average included."""
    plain = bare(config.model_copy(update={"compile": "off"}), train)
    with FlopCounterMode(display=False) as counter:
        next(plain)
    return counter.get_total_flops() / config.batch_size
