"""How the learning rates change."""

import pytest
import torch

from genmodels.config import families
from genmodels.training.schedule import set_learning_rates


@pytest.mark.parametrize(
    ("schedule", "factors"), [("constant", [1, 1, 1, 1, 1]), ("cosine", [1, 0.855, 0.505, 0.155, 0.01])]
)
def test_each_optimizer_keeps_its_first_rate_or_follows_half_a_cosine(schedule: str, factors: list[float]):
    config = families.parse({"family": "vae", "schedule": schedule})
    optimizers = [torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=rate) for rate in (1e-3, 4e-3)]
    for step, factor in enumerate(factors):
        set_learning_rates(optimizers, config, step, 4)
        rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
        assert rates == pytest.approx([1e-3 * factor, 4e-3 * factor], rel=1e-3)
