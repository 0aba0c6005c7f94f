"""A GAN on the plane, on the non-saturating objective."""

from functools import partial

import torch
from torch import Tensor, nn
from torch.optim import Adam

from genmodels.data.noise import Noise
from genmodels.models.losses import OBJECTIVE_LOSSES
from genmodels.toys.networks import perceptron
from genmodels.toys.setup import SURFACE_SIDE, grid

LEARNING_RATE, BETAS = 1e-3, (0.5, 0.9)


class ToyGAN:
    """A generator from noise of the plane to its points, and a discriminator of one logit a point."""

    def __init__(self) -> None:
        activation = partial(nn.LeakyReLU, 0.2)
        self.generator, self.discriminator = perceptron(2, 2, activation), perceptron(2, 1, activation)
        self.objective = OBJECTIVE_LOSSES["non-saturating"]
        self.optimizers: dict[nn.Module, Adam] = {
            network: Adam(network.parameters(), LEARNING_RATE, BETAS, fused=True)
            for network in (self.generator, self.discriminator)
        }

    def step(self, data: Tensor, noise: Noise) -> None:
        """A step of the discriminator, then one of the generator, on the same generated points; data (B, 2)."""
        fake = self.generator(noise.normal(*data.shape))
        self._descend(self.discriminator, self.losses(data, fake.detach())[0])
        self.discriminator.requires_grad_(False)
        self._descend(self.generator, self.objective.generator(self.logits(fake)))
        self.discriminator.requires_grad_(True)

    def _descend(self, network: nn.Module, loss: Tensor) -> None:
        optimizer = self.optimizers[network]
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def losses(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """Of the discriminator and of the generator."""
        fake_logits = self.logits(fake)
        return self.objective.discriminator(self.logits(real), fake_logits), self.objective.generator(fake_logits)

    def logits(self, points: Tensor) -> Tensor:
        """The discriminator's logits (B,) of points (B, 2)."""
        return self.discriminator(points).squeeze(1)

    @torch.no_grad()
    def samples(self, z: Tensor) -> Tensor:
        """Points (B, 2) of noise z (B, 2)."""
        return self.generator(z)

    @torch.no_grad()
    def surface(self) -> Tensor:
        """The probability of being real that the discriminator gives the points of a grid, (SURFACE_SIDE²,)."""
        return torch.sigmoid(self.logits(torch.from_numpy(grid(SURFACE_SIDE))))

    def pull(self, points: Tensor) -> Tensor:
        """Where each of the generated points (B, 2) would have to go for the generator's loss to fall: the negative gradient of
        the loss of that point alone, (B, 2)."""
        points = points.detach().requires_grad_(True)
        loss = len(points) * self.objective.generator(self.logits(points))
        return -torch.autograd.grad(loss, points)[0]
