"""Solutions of dx/dt = v(x, t): as exact as their order says, and of the distribution that they should have."""

from math import exp

import pytest
import torch
from torch import Tensor

from genmodels.models.flow_objectives import FLOW_OBJECTIVES
from genmodels.models.flow_samplers import evaluations, solve

SPREAD = 2.0  # of data that is N(0, SPREAD²), whose velocity is known


def decay(x: Tensor, t: Tensor) -> Tensor:
    """Of x = exp(-t)."""
    return -x


def of_normal_data(x: Tensor, t: Tensor) -> Tensor:
    """E[data - noise | x_t = x] for data N(0, SPREAD²)."""
    t = t[:, None]
    return (t * SPREAD**2 - (1 - t)) / (t**2 * SPREAD**2 + (1 - t) ** 2) * x


def error(sampler: str, num_steps: int) -> float:
    times = torch.linspace(0, 1, num_steps + 1).tolist()
    *_, end = solve(decay, torch.ones(1, 1, dtype=torch.float64), times, sampler, torch.randn_like)
    return abs(end.item() - exp(-1))


@pytest.mark.parametrize(("sampler", "order"), [("euler", 1), ("heun", 2)])
def test_twice_the_steps_divide_the_error_as_the_order_says(sampler: str, order: int):
    """The last step of Heun's method is a plain one, whose error is of its second order too, since the step is one of many."""
    assert error(sampler, 40) / error(sampler, 80) == pytest.approx(2**order, rel=0.1)
    assert error("heun", 40) < error("euler", 40) / 10


@pytest.mark.parametrize("sampler", ["euler", "heun", "stochastic"])
@pytest.mark.parametrize("num_steps", [1, 3])
def test_the_velocity_is_asked_for_as_often_as_is_said(sampler: str, num_steps: int):
    asked = 0

    def counted(x: Tensor, t: Tensor) -> Tensor:
        nonlocal asked
        asked += 1
        return decay(x, t)

    states = [
        *solve(counted, torch.ones(2, 1), torch.linspace(0, 1, num_steps + 1).tolist(), sampler, torch.randn_like)
    ]
    assert asked == evaluations(sampler, num_steps)
    assert len(states) == num_steps + 1


@pytest.mark.parametrize("objective", FLOW_OBJECTIVES)
@pytest.mark.parametrize("sampler", ["euler", "heun", "stochastic"])
def test_noise_becomes_data_of_the_right_spread(objective: str, sampler: str):
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(20_000, 1, generator=generator)
    times = FLOW_OBJECTIVES[objective].grid(60)
    *_, end = solve(of_normal_data, noise, times, sampler, lambda x: torch.randn(x.shape, generator=generator))
    assert end.std().item() == pytest.approx(SPREAD, rel=0.05)
    same = torch.corrcoef(torch.cat([noise, end], 1).T)[0, 1].item()
    assert same < 0.97 if sampler == "stochastic" else same > 0.999
