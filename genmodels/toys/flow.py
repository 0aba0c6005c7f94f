"""Flow matching and diffusion on the plane."""

from math import log

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import Tensor, nn
from torch.optim import Adam

from genmodels.data.noise import Noise
from genmodels.models.flow_objectives import Diffusion, FlowMatching, Objective, on_path
from genmodels.models.flow_samplers import solve
from genmodels.toys.networks import perceptron
from genmodels.toys.setup import FIELD_SIDE, FIELD_TIMES, SOLVER_STEPS, Pairs, grid

LEARNING_RATE = 1e-2
TIMES = [step / SOLVER_STEPS for step in range(SOLVER_STEPS + 1)]


class DiffusionOfUnitSpread(Diffusion):
    """``Diffusion`` for data of a spread of 1 and not 0.5, with which all of its noise levels are doubled.

    Its network sees x_t / sqrt((1 - t)² + t²): of data and noise of variance 1 that has variance 1 at every t, and as t grows
    it turns from noise to data on an arc (the variance-preserving path of Song et al. 2021, arXiv:2011.13456).
    """

    SPREAD = 1.0
    MEAN = Diffusion.MEAN + log(2)


TOY_OBJECTIVES: dict[str, Objective] = {"flow": FlowMatching(), "diffusion": DiffusionOfUnitSpread()}


class Velocity(nn.Module):
    """A point and a number for its time to the answer that the objective asks for: (B, 2), (B,) -> (B, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = perceptron(5, 2, nn.SiLU)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        angle = torch.pi * time
        return self.layers(torch.cat([x, torch.stack([time, angle.sin(), angle.cos()], 1)], 1))


class ToyFlow:
    """A velocity field of the plane, which is trained, and followed from noise to data by Heun's method in even steps of t.

    Ways and fields are in the coordinates that the network sees, ``Objective.inputs``: those of flow matching are x_t itself, in
    which noise and data are joined by a straight line; those of diffusion x_t of variance 1, in which it is an arc.
    """

    def __init__(self, objective: Objective, steps: int, pairs: Pairs = "random") -> None:
        self.objective, self.pairs = objective, pairs
        self.network = Velocity()
        self.optimizer = Adam(self.network.parameters(), LEARNING_RATE, fused=True)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, steps)

    def step(self, data: Tensor, noise: Noise) -> None:
        """One step of the optimiser; data (B, 2)."""
        drawn, t = noise.normal(*data.shape), self.objective.times(noise.normal(len(data)))
        if self.pairs == "transport":
            drawn = drawn[transport(drawn, data)]
        loss = self.loss(data, drawn, t)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.schedule.step()

    def loss(self, data: Tensor, drawn: Tensor, t: Tensor) -> Tensor:
        """The mean squared error of what the network answers on the path between data (B, 2) and noise (B, 2) at t (B,)."""
        output = self.network(*self.objective.inputs(on_path(data, drawn, t), t))
        return F.mse_loss(output, self.objective.target(data, drawn, t))

    def velocity(self, x: Tensor, t: Tensor) -> Tensor:
        """E[data - noise | x_t = x], x (B, 2), t (B,)."""
        return self.objective.velocity(self.network(*self.objective.inputs(x, t)), x, t)

    @torch.no_grad()
    def ways(self, z: Tensor) -> Tensor:
        """Where noise z (B, 2) is led: (SOLVER_STEPS + 1, B, 2), in the network's coordinates."""
        states = solve(self.velocity, z, TIMES, "heun", torch.randn_like)
        return torch.stack([self._seen(x, t) for x, t in zip(states, TIMES, strict=True)])

    @torch.no_grad()
    def field(self) -> Tensor:
        """The velocities of the ways at the points of a grid and some times, (FIELD_TIMES, FIELD_SIDE², 2): differences over a
        step of the solver, the time from 0 to 1 being 1."""
        seen, step = torch.from_numpy(grid(FIELD_SIDE)), 1 / SOLVER_STEPS
        found = []
        for t in np.linspace(0, 1, FIELD_TIMES).tolist():
            x = seen / self._seen(torch.ones_like(seen), t)  # what the network sees is proportional to x
            velocity = self.velocity(x, torch.full((len(x),), t))
            found.append((self._seen(x + step * velocity, t + step) - seen) / step)
        return torch.stack(found)

    def _seen(self, x: Tensor, t: float) -> Tensor:
        return self.objective.inputs(x, torch.full((len(x),), t))[0]


def transport(noise: Tensor, data: Tensor) -> Tensor:
    """The indices (B,) that give each of ``data`` (B, 2) its own of ``noise`` (B, 2) at the least sum of squared distances."""
    costs = torch.cdist(data, noise).square().numpy()
    return torch.from_numpy(linear_sum_assignment(costs)[1])


def detour(ways: Tensor) -> float:
    """How long ways (T, B, 2) are over how far their ends are apart, all of them together: 1 for straight ones, never less."""
    lengths = ways.diff(dim=0).norm(dim=-1).sum()
    return (lengths / (ways[-1] - ways[0]).norm(dim=-1).sum()).item()
