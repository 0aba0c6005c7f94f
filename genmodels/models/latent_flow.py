"""Flow matching and diffusion on the codes of a trained VAE: latent diffusion (Rombach et al. 2022, arXiv:2112.10752) at its smallest.

The VAE has learned to draw images of the codes that its encoder gives, and those are not quite distributed as its prior: what lies
between them the decoder has never seen. The flow leads N(0, I) to where the codes are.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import torch
from torch import Tensor, nn

from genmodels.config.families.latent_flow import LatentFlowConfig
from genmodels.config.families.vae import VAEConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_unit
from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.models.base import Family, evaluating
from genmodels.models.residual_mlp import ResidualMLP
from genmodels.models.transport import Transport, told_classes
from genmodels.models.vae import VAE, Autoencoder
from genmodels.models.weights import WeightsError, must_fit

Source = Literal["prior", "flow", "posterior"]


class LatentSpace(nn.Module):
    """The codes of a trained VAE, moved and scaled to the mean 0 and standard deviation 1 in each dimension, and its decoder."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.autoencoder = Autoencoder(config)
        self.register_buffer("mean", torch.zeros(config.latent_dim))
        self.register_buffer("deviation", torch.ones(config.latent_dim))

    def measure(self, images: Iterable[Tensor]) -> None:
        """Mean and standard deviation of z ~ q(z|x) over the uint8 ``images``, in batches (B, C, H, W): the variance of z is that
        of the means of q(z|x) and the mean of its variances."""
        with evaluating(self):
            pairs = [self.autoencoder.encoder(to_unit(batch)) for batch in images]
        mu, logvar = (torch.cat(parts) for parts in zip(*pairs, strict=True))
        self.mean.copy_(mu.mean(0))
        self.deviation.copy_((mu.var(0, correction=0) + logvar.exp().mean(0)).sqrt())

    def encode(self, images: Tensor, epsilon: Tensor) -> Tensor:
        """z ~ q(z|x) of uint8 images (B, C, H, W), standardised, from standard normal ``epsilon`` (B, D)."""
        with evaluating(self):
            mu, logvar = self.autoencoder.encoder(to_unit(images))
        return (mu + torch.exp(0.5 * logvar) * epsilon - self.mean) / self.deviation

    def decode(self, z: Tensor) -> Tensor:
        """The mean images of p(x|z) at codes as the VAE has them: (B, D) -> (B, C, H, W) in [0, 1]."""
        with evaluating(self):
            return torch.sigmoid(self.autoencoder.decoder(z))

    def forward(self, standardised: Tensor) -> Tensor:
        """The same of standardised codes."""
        return self.decode(self.mean + self.deviation * standardised)


class LatentFlow(Transport):
    """See ``Transport``; the one network is called ``mlp``, the frozen one ``vae``. Noise and data have the shape of a code, (D,)."""

    config: LatentFlowConfig

    def __init__(self, config: LatentFlowConfig, num_classes: int) -> None:
        told = told_classes(config, num_classes)
        mlp = ResidualMLP(config.vae_latent_dim, config.width, config.blocks, told)
        self.space = LatentSpace(config.autoencoder)
        super().__init__(config, "mlp", mlp, (config.vae_latent_dim,), told, frozen={"vae": self.space})

    @property
    def drawing(self) -> nn.Module:
        return nn.ModuleList([self.averaged["mlp"], self.space.autoencoder.decoder])

    def begin(self, load: Callable[[str], Family], images: Iterable[Tensor]) -> None:
        """Take over the VAE that the config names, and measure where its codes of the training images are."""
        vae, name = load(self.config.vae), self.config.vae
        if not isinstance(vae, VAE):
            raise TrainingError(N_("{name} is no VAE: choose another one.", name=name))
        weights = vae.model.state_dict()
        try:
            must_fit(weights, self.space.autoencoder.state_dict())
        except WeightsError as error:
            raise TrainingError(
                N_(
                    "The networks of {name} are no longer those of this run ({error}): start it anew.",
                    name=name,
                    error=error,
                )
            ) from error
        self.space.autoencoder.load_state_dict(weights)
        self.space.measure(images)

    def data(self, images: Tensor, noise: Noise) -> Tensor:
        """Drawn from q(z|x), for that is what the decoder has learned from, and scaled to the spread that the objective is made for."""
        return self.objective.spread * self.space.encode(images, noise.normal(len(images), *self.shape))

    def images(self, x: Tensor) -> Tensor:
        return self.space(x / self.objective.spread)

    def drawn(self, source: Source, real: Tensor, noise: Noise, label: int | None = None, **options: Any) -> Tensor:
        """As many images (n, C, H, W) in [0, 1] as ``real``, uint8 (n, C, H, W), by the same decoder, of codes from a ``source``:
        the VAE's prior, this flow, with ``options`` of ``sample``, all of the class ``label`` or all in turn, or q(z|x) of the
        real images."""
        if source == "flow":
            labels = None if label is None else torch.full((len(real),), label, device=self.device)
            return self.random_samples(real, noise, labels=labels, **options)
        if source == "prior":
            prior = self.space.autoencoder.prior
            return self.space.decode(prior.codes(noise.normal(len(real), prior.noise_dim)))
        return self.space(self.space.encode(real, noise.normal(len(real), *self.shape)))

    # As a program of its own, which takes all steps: they are small

    def inputs(self) -> dict[str, str]:
        given = {"z": f"torch.randn(N, {self.config.vae_latent_dim})"}
        return given | ({"labels": f"torch.arange(N) % {self.num_classes}"} if self.num_classes else {})


def build(config: LatentFlowConfig, num_classes: int) -> LatentFlow:
    """The untrained flow of ``config``, whose VAE comes with ``begin`` or with its weights."""
    return LatentFlow(config, num_classes)
