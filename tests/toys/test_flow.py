"""Flow matching and diffusion on the plane."""

from itertools import permutations
from math import pi

import pytest
import torch

from genmodels.toys.flow import SOLVER_STEPS, TOY_OBJECTIVES, ToyFlow, detour, transport
from genmodels.toys.setup import FIELD_SIDE, FIELD_TIMES, grid


def flow(name: str) -> ToyFlow:
    torch.manual_seed(0)
    return ToyFlow(TOY_OBJECTIVES[name], 10)


def test_transport_is_the_cheapest_of_all_pairings():
    generator = torch.Generator().manual_seed(0)
    noise, data = torch.randn(2, 5, 2, generator=generator)
    costs = {order: (noise[list(order)] - data).square().sum().item() for order in permutations(range(5))}
    assert tuple(transport(noise, data).tolist()) == min(costs, key=costs.__getitem__)


def test_a_straight_way_is_no_detour_and_a_half_circle_is_one():
    line = torch.linspace(0, 1, 9)[:, None, None] * torch.tensor([[3.0, 4.0], [-1.0, 0.0]])
    assert detour(line) == pytest.approx(1)
    angle = torch.linspace(0, pi, 200)
    assert detour(torch.stack([angle.cos(), angle.sin()], 1)[:, None]) == pytest.approx(pi / 2, rel=1e-3)


def test_diffusion_keeps_the_variance_of_noise_on_its_way_to_data_of_variance_one():
    generator = torch.Generator().manual_seed(0)
    noise, data = torch.randn(2, 50_000, 2, generator=generator)
    for t in (0.0, 0.3, 0.5, 0.8, 1.0):
        seen = flow("diffusion")._seen((1 - t) * noise + t * data, t)
        assert seen.std().item() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("name", TOY_OBJECTIVES)
def test_ways_begin_with_the_noise_and_end_with_what_a_sampler_gives(name: str):
    model = flow(name)
    z = torch.randn(7, 2, generator=torch.Generator().manual_seed(0))
    ways = model.ways(z)
    assert ways.shape == (SOLVER_STEPS + 1, 7, 2)
    torch.testing.assert_close(ways[0], z)
    x = z  # by Euler's method, in steps so small that it goes the same way
    with torch.no_grad():
        for step in range(400):
            x = x + model.velocity(x, torch.full((7,), step / 400)) / 400
    torch.testing.assert_close(ways[-1], x, atol=0.02, rtol=0.02)


@pytest.mark.parametrize("name", TOY_OBJECTIVES)
def test_the_field_is_how_fast_points_go_along_their_ways(name: str):
    model = flow(name)
    field = model.field()
    assert field.shape == (FIELD_TIMES, FIELD_SIDE**2, 2)
    places = torch.from_numpy(grid(FIELD_SIDE))
    first = (model.ways(places)[1] - places) * SOLVER_STEPS
    torch.testing.assert_close(field[0], first, atol=0.2, rtol=0.2)  # Euler's step beside Heun's
