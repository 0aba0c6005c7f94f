"""Spectral normalisation: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018 (arXiv:1802.05957).

By torch's parametrisation, which divides a weight by the product u^T W v. u and v are buffers beside it, which one power iteration a
forward pass in training mode brings nearer to the largest singular value's vectors, and none in evaluation mode.
"""

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

VECTORS = ("._u", "._v")


def normalize(network: nn.Module) -> None:
    """Divide the weights of all convolutions and fully connected layers in ``network`` by their largest singular value, those of a
    kernel (out, in, h, w) taken as a matrix (out, in h w)."""
    for module in list(network.modules()):
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            spectral_norm(module)


def is_singular_vector(name: str) -> bool:
    """Whether this buffer is a u or a v: of length 1, which a mean of several has not."""
    return name.endswith(VECTORS)
