"""What a network learns on the path from noise to data, and how its output becomes a velocity.

Both objectives share one path, x_t = (1 - t) noise + t data with t from 0 to 1, and so one differential equation, dx/dt =
E[data - noise | x_t], whose solutions lead noise to data. Diffusion is usually written as data + sigma noise: that is x_t / t with
sigma = (1 - t) / t, so a sampler need not know which of the two it has (Karras et al. 2022, appendix B; Gao et al. 2024).

All functions take x (B, ...) of any shape and t (B,).
"""

from abc import ABC, abstractmethod

import torch
from torch import Tensor


def per_row(t: Tensor, x: Tensor) -> Tensor:
    """t (B,) in a shape that is broadcast over x (B, ...)."""
    return t.view(-1, *[1] * (x.dim() - 1))


def on_path(data: Tensor, noise: Tensor, t: Tensor) -> Tensor:
    """x_t = (1 - t) noise + t data."""
    t = per_row(t, data)
    return (1 - t) * noise + t * data


def endpoints(x: Tensor, velocity: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
    """The data and the noise that a velocity at x_t points to: E[data | x_t] = x + (1 - t) v, E[noise | x_t] = x - t v."""
    t = per_row(t, x)
    return x + (1 - t) * velocity, x - t * velocity


class Objective(ABC):
    """What the network is given and asked at a point of the path."""

    grid_code: str  # ``grid`` of STEPS steps as a line of Python with torch alone
    time: str  # what the number is called that tells the network the time
    spread = 1.0  # the standard deviation of data that can be scaled to any

    @abstractmethod
    def times(self, normal: Tensor) -> Tensor:
        """t to train at, in (0, 1), from standard normal numbers."""

    @abstractmethod
    def inputs(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        """What the network sees of x_t, of a variance that hardly depends on t, and the number (B,) that tells it the time."""

    @abstractmethod
    def target(self, data: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """What it is to answer; the loss is the mean squared error of that."""

    @abstractmethod
    def velocity(self, output: Tensor, x: Tensor, t: Tensor) -> Tensor:
        """E[data - noise | x_t], as its ``output`` has it."""

    @abstractmethod
    def grid(self, num_steps: int) -> list[float]:
        """``num_steps`` + 1 times from noise to data, the last 1."""


class FlowMatching(Objective):
    """Conditional flow matching on the straight path: the network predicts the velocity (Lipman et al. 2023, eq. 23, with
    sigma_min = 0; Liu et al. 2023, eq. 1); t = sigmoid(u), u ~ N(0, 1) (Esser et al. 2024, eq. 19)."""

    grid_code = "torch.linspace(0, 1, STEPS + 1)"
    time = "t"

    def times(self, normal: Tensor) -> Tensor:
        return torch.sigmoid(normal)

    def inputs(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        return x, t

    def target(self, data: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        return data - noise

    def velocity(self, output: Tensor, x: Tensor, t: Tensor) -> Tensor:
        return output

    def grid(self, num_steps: int) -> list[float]:
        return [step / num_steps for step in range(num_steps + 1)]


class Diffusion(Objective):
    """Denoising in the form of EDM (Karras et al. 2022, table 1 and eq. 7): D = c_skip x_sigma + c_out F(c_in x_sigma; ln(sigma) / 4),
    ln(sigma) ~ N(-1.2, 1.2²), with the loss weighted so that F has a target of variance 1 at every sigma.

    With s = sqrt((1 - t)² + SPREAD² t²), written in x_t: c_in x_sigma = x_t / s, c_skip x_sigma = SPREAD² t x_t / s²,
    c_out = (1 - t) SPREAD / s, all of which are finite from noise to data.
    """

    time = "ln(σ) / 4"
    SPREAD = spread = 0.5  # sigma_data: the spread of the data that the scales are made for
    MEAN, DEVIATION = -1.2, 1.2  # of ln(sigma) in training
    # From sigma 80 down to 0.002, in even steps of its 7th root (eq. 5), then to 0.
    grid_code = "torch.cat([1 / (1 + torch.linspace(80 ** (1 / 7), 0.002 ** (1 / 7), STEPS) ** 7), torch.ones(1)])"

    def times(self, normal: Tensor) -> Tensor:
        return torch.sigmoid(-(self.MEAN + self.DEVIATION * normal))  # 1 / (1 + sigma)

    def inputs(self, x: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        sigma = ((1 - t) / t).clamp(1e-3, 1e3)
        return x / per_row(self._scale(t), x), sigma.log() / 4

    def target(self, data: Tensor, noise: Tensor, t: Tensor) -> Tensor:
        """(data - c_skip x_sigma) / c_out, which is (1 - t) data - SPREAD² t noise over SPREAD s."""
        t = per_row(t, data)
        return ((1 - t) * data - self.SPREAD**2 * t * noise) / (self.SPREAD * self._scale(t))

    def velocity(self, output: Tensor, x: Tensor, t: Tensor) -> Tensor:
        """(D - x_t) / (1 - t), of which 1 - t cancels."""
        t = per_row(t, x)
        s = self._scale(t)
        return (self.SPREAD * output - (1 - t - self.SPREAD**2 * t) / s * x) / s

    def grid(self, num_steps: int) -> list[float]:
        first, last = 80 ** (1 / 7), 0.002 ** (1 / 7)
        shares = [step / max(1, num_steps - 1) for step in range(num_steps)]
        return [*(1 / (1 + (first + share * (last - first)) ** 7) for share in shares), 1.0]

    def _scale(self, t: Tensor) -> Tensor:
        return torch.sqrt((1 - t).square() + self.SPREAD**2 * t.square())


FLOW_OBJECTIVES: dict[str, Objective] = {"flow-matching": FlowMatching(), "diffusion": Diffusion()}
