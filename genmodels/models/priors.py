"""The prior p(z) of a VAE's codes: N(0, I), or one that is learned together with encoder and decoder.

Averaged over the images the KL term of the ELBO is least for a prior that equals the aggregate posterior, q(z) = E_x[q(z|x)] (Hoffman &
Johnson 2016; Tomczak & Welling 2018, arXiv:1705.07120, section 2). Each prior has an exact density, and makes codes of standard normal
noise.
"""

import math
from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from genmodels.config.families import VAEConfig
from genmodels.models.losses import normal_log_density

LOG_SCALE_BOUND = (
    2.0  # of one coupling: no number is stretched by more than exp(2), so that no step makes the density explode
)
LOGVAR_BOUND = 10.0  # of a component of the mixture, as of q(z|x)


class Prior(nn.Module, ABC):
    """A density of codes of ``latent_dim`` numbers; its noise has ``noise_dim``."""

    def __init__(self, noise_dim: int) -> None:
        super().__init__()
        self.noise_dim = noise_dim

    @abstractmethod
    def forward(self, z: Tensor) -> Tensor:
        """log p(z) in nats; (..., D) -> (...)."""

    @abstractmethod
    def codes(self, noise: Tensor) -> Tensor:
        """Codes z ~ p(z) of standard normal noise; (B, ``noise_dim``) -> (B, D)."""

    def noise(self, z: Tensor) -> Tensor | None:
        """The noise that ``codes`` makes ``z`` of, (B, D) -> (B, D); None where several make the same."""
        return None


class StandardNormal(Prior):
    """p(z) = N(0, I), which has no weights."""

    def forward(self, z: Tensor) -> Tensor:
        origin = torch.zeros_like(z)
        return normal_log_density(z, origin, origin)

    def codes(self, noise: Tensor) -> Tensor:
        return noise

    def noise(self, z: Tensor) -> Tensor:
        return z


class MixtureOfGaussians(Prior):
    """p(z) = 1/K sum_k N(z; mu_k, diag(exp(logvar_k))) with learned means and variances (Tomczak & Welling 2018, section 4.4).

    The last number of the noise chooses the component, by its place among K equally probable parts of N(0, 1).
    """

    def __init__(self, latent_dim: int, components: int) -> None:
        super().__init__(latent_dim + 1)
        self.mu = nn.Parameter(torch.randn(components, latent_dim))
        self.logvar = nn.Parameter(torch.zeros(components, latent_dim))

    def forward(self, z: Tensor) -> Tensor:
        of_each = normal_log_density(z.unsqueeze(-2), self.mu, self._bounded())
        return torch.logsumexp(of_each, -1) - math.log(len(self.mu))

    def codes(self, noise: Tensor) -> Tensor:
        epsilon, choice = noise[:, :-1], noise[:, -1]
        share = 0.5 * (1 + torch.erf(choice / math.sqrt(2)))  # uniform in [0, 1]
        component = (share * len(self.mu)).long().clamp(max=len(self.mu) - 1)
        return self.mu[component] + torch.exp(0.5 * self._bounded()[component]) * epsilon

    def _bounded(self) -> Tensor:
        return LOGVAR_BOUND * torch.tanh(self.logvar / LOGVAR_BOUND)


class Coupling(nn.Module):
    """Scale and shift of the numbers outside of a mask as a function of those within (RealNVP, Dinh et al. 2017, arXiv:1605.08803, eq.
    9). It starts as the identity. mask: (D,) of 0 and 1."""

    mask: Tensor

    def __init__(self, mask: Tensor, width: int) -> None:
        super().__init__()
        self.register_buffer("mask", mask, persistent=False)
        dimensions = len(mask)
        self.layers = nn.Sequential(
            nn.Linear(dimensions, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
            nn.Linear(width, 2 * dimensions),
        )
        nn.init.zeros_(self.layers[-1].weight)  # type: ignore[arg-type]
        nn.init.zeros_(self.layers[-1].bias)  # type: ignore[arg-type]

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """log-scale and shift, (..., D) each, both 0 within the mask."""
        log_scale, shift = self.layers(z * self.mask).float().chunk(2, -1)
        rest = 1 - self.mask
        return rest * LOG_SCALE_BOUND * torch.tanh(log_scale / LOG_SCALE_BOUND), rest * shift


class RealNVP(Prior):
    """p(z) = N(f(z); 0, I) |det df/dz| for a stack f of couplings (Dinh et al. 2017, eq. 3), which is inverted exactly: the prior of
    Gatopoulos & Tomczak 2019 (arXiv:1905.13452), on a flat code.

    Couplings two by two have a mask and its complement; the masks are the binary digits of a number's place, so that each two
    numbers are told apart by some of them.
    """

    def __init__(self, latent_dim: int, couplings: int, width: int) -> None:
        super().__init__(latent_dim)
        place, digits = torch.arange(latent_dim), max(1, (latent_dim - 1).bit_length())
        masks = [((place >> (number // 2 % digits)) + number) % 2 for number in range(couplings)]
        self.couplings = nn.ModuleList(Coupling(mask.float(), width) for mask in masks)

    def forward(self, z: Tensor) -> Tensor:
        noise, log_determinant = self._inverted(z)
        origin = torch.zeros_like(noise)
        return normal_log_density(noise, origin, origin) + log_determinant

    def codes(self, noise: Tensor) -> Tensor:
        for coupling in self.couplings:
            log_scale, shift = coupling(noise)
            noise = noise * torch.exp(log_scale) + shift
        return noise

    def noise(self, z: Tensor) -> Tensor:
        return self._inverted(z)[0]

    def _inverted(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """f(z), (..., D), and log |det df/dz|, (...)."""
        log_determinant = torch.zeros_like(z[..., 0])
        for coupling in reversed(self.couplings):
            log_scale, shift = coupling(z)
            z = (z - shift) * torch.exp(-log_scale)
            log_determinant = log_determinant - log_scale.sum(-1)
        return z, log_determinant


def build_prior(config: VAEConfig) -> Prior:
    """The untrained prior that ``config`` names."""
    if config.prior == "mixture":
        return MixtureOfGaussians(config.latent_dim, config.prior_components)
    if config.prior == "flow":
        return RealNVP(config.latent_dim, config.prior_couplings, config.prior_width)
    return StandardNormal(config.latent_dim)
