"""A residual MLP that is conditioned on time and class: the head of Li et al. 2024 (arXiv:2406.11838, appendix A), whose blocks are
modulated as those of DiT (Peebles & Xie 2023, arXiv:2212.09748)."""

import torch.nn.functional as F
from torch import Tensor, nn

from genmodels.models.unet import Conditioning, zero

CONDITION = 128  # numbers that tell time and class


class MLPBlock(nn.Module):
    """x + linear(silu(linear(scale * norm(x) + shift))), with scale and shift from the condition; it starts as the identity.
    (B, W), (B, D) -> (B, W)."""

    def __init__(self, width: int, dimensions: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.modulation = nn.Linear(dimensions, 2 * width)
        self.first = nn.Linear(width, width)
        self.second = zero(nn.Linear(width, width))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.modulation(condition).chunk(2, 1)
        return x + self.second(F.silu(self.first(self.norm(x) * (1 + scale) + shift)))


class ResidualMLP(nn.Module):
    """What the objective asks of vectors on their way from noise: (B, D), time (B,), labels (B,) -> (B, D). It begins with 0."""

    def __init__(self, dimensions: int, width: int, blocks: int, num_classes: int) -> None:
        super().__init__()
        self.condition = Conditioning(CONDITION, num_classes)
        self.stem = nn.Linear(dimensions, width)
        self.blocks = nn.ModuleList(MLPBlock(width, CONDITION) for _ in range(blocks))
        self.norm, self.activation = nn.LayerNorm(width), nn.SiLU()
        self.last = zero(nn.Linear(width, dimensions))

    def forward(self, x: Tensor, time: Tensor, labels: Tensor) -> Tensor:
        condition, h = self.condition(time, labels), self.stem(x)
        for block in self.blocks:
            h = block(h, condition)
        return self.last(self.activation(self.norm(h))).float()
