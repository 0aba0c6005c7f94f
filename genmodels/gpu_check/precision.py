"""TF32, the form of float32 that a card's matrix units multiply in: 10 bits of mantissa in the place of 23."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def tf32(allowed: bool) -> Iterator[None]:
    """For a block, whether convolutions and matrix products in float32 may use it; torch lets only the former by default.

    By torch's older flags. Since 2.9 there are newer ones, but where these alone are set, the older getters raise, which
    inductor still calls when it chooses a convolution (``torch/_inductor/kernel/conv.py`` of 2.14).
    """
    cudnn, cublas = torch.backends.cudnn, torch.backends.cuda.matmul
    before = cudnn.allow_tf32, cublas.allow_tf32
    try:
        cudnn.allow_tf32 = cublas.allow_tf32 = allowed
        yield
    finally:
        cudnn.allow_tf32, cublas.allow_tf32 = before
