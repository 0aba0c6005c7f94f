"""What flow matching and diffusion ask of a network: the equations of the papers, and that both lead along one path."""

import pytest
import torch
from torch import Tensor

from genmodels.models.flow_objectives import FLOW_OBJECTIVES, Diffusion, FlowMatching, endpoints, on_path

T = torch.tensor([0.05, 0.3, 0.6, 0.95], dtype=torch.float64)


def pair() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    data, noise = torch.randn(2, 4, 3, generator=generator, dtype=torch.float64)
    return data, noise


@pytest.mark.parametrize("name", FLOW_OBJECTIVES)
def test_a_network_that_answers_the_target_gives_the_velocity(name: str):
    data, noise = pair()
    objective, x = FLOW_OBJECTIVES[name], on_path(data, noise, T)
    velocity = objective.velocity(objective.target(data, noise, T), x, T)
    torch.testing.assert_close(velocity, data - noise)
    found_data, found_noise = endpoints(x, velocity, T)
    torch.testing.assert_close(found_data, data)
    torch.testing.assert_close(found_noise, noise)


def test_diffusion_is_the_preconditioning_of_edm():
    """Table 1 and eq. 7 of the paper, on data + sigma noise, with sigma = (1 - t) / t."""
    data, noise = pair()
    edm, spread = Diffusion(), Diffusion.SPREAD
    sigma = ((1 - T) / T)[:, None]
    noisy = data + sigma * noise
    root = torch.sqrt(sigma**2 + spread**2)
    x = on_path(data, noise, T)
    seen, time = edm.inputs(x, T)
    torch.testing.assert_close(seen, noisy / root)
    torch.testing.assert_close(time, sigma[:, 0].log() / 4)
    torch.testing.assert_close(
        edm.target(data, noise, T), (data - spread**2 / root**2 * noisy) / (sigma * spread / root)
    )
    output = torch.randn_like(data)
    denoised = spread**2 / root**2 * noisy + sigma * spread / root * output
    torch.testing.assert_close(edm.velocity(output, x, T), denoised - (noisy - denoised) / sigma)


def test_times_are_those_of_the_papers():
    normal = torch.randn(20_000, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(FlowMatching().times(normal).logit(), normal)
    t = Diffusion().times(normal)
    sigma = ((1 - t) / t).log()
    assert sigma.mean().item() == pytest.approx(-1.2, abs=0.03)
    assert sigma.std().item() == pytest.approx(1.2, abs=0.03)


@pytest.mark.parametrize("name", FLOW_OBJECTIVES)
@pytest.mark.parametrize("num_steps", [1, 2, 7, 100])
def test_a_grid_rises_from_noise_to_data(name: str, num_steps: int):
    grid = FLOW_OBJECTIVES[name].grid(num_steps)
    assert len(grid) == num_steps + 1
    assert grid[-1] == 1
    assert eval(FLOW_OBJECTIVES[name].grid_code, {"torch": torch, "STEPS": num_steps}).tolist() == pytest.approx(grid)
    assert sorted(set(grid)) == grid


def test_the_grid_of_diffusion_falls_from_sigma_80_to_0_002():
    t = Diffusion().grid(18)
    sigma = [(1 - each) / each for each in t]
    assert sigma[0] == pytest.approx(80, rel=1e-4)
    assert sigma[-2:] == pytest.approx([0.002, 0], rel=1e-2)
    assert sigma[1] == pytest.approx((80 ** (1 / 7) + (0.002 ** (1 / 7) - 80 ** (1 / 7)) / 17) ** 7, rel=1e-4)
