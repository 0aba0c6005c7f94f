"""The variational autoencoder: Kingma & Welling, "Auto-Encoding Variational Bayes", 2014 (arXiv:1312.6114).

Images are in [0, 1]; the decoder gives the logits of Bernoulli pixels.
"""

from collections.abc import Iterable
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from genmodels.config.families import ACTIVE_VARIANCE, VAEConfig
from genmodels.config.families.vae import PRIOR_GAIN
from genmodels.data.noise import Noise
from genmodels.data.pixels import must_be_unit, to_unit
from genmodels.language import N_
from genmodels.models.base import PREVIEW_SEED, Batch, Family, Pass, evaluating, floats
from genmodels.models.blocks import ResidualBlock, resolutions, stage_widths
from genmodels.models.labels import as_noise, must_have_shape
from genmodels.models.losses import (
    bernoulli_log_likelihood,
    kl_closed_form,
    kl_single_sample,
    normal_entropy,
    normal_log_density,
)
from genmodels.models.priors import build_prior

LOGVAR_BOUND = 10.0  # standard deviations stay within exp(-5) and exp(5), so no input makes the loss infinite
MAX_GRADIENT_NORM = 200.0  # several times the norm of a healthy step: only an outlier is clipped


class Encoder(nn.Module):
    """q(z|x): strided convolutions to a mean and a bounded log-variance; (B, C, H, W) in [0, 1] -> two of (B, D)."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        sides = resolutions(config.image_size)
        widths = [config.channels, *stage_widths(config.width, len(sides) - 1)]
        layers: list[nn.Module] = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.SiLU()]
        layers[-1:] = [*(ResidualBlock(widths[-1]) for _ in range(config.blocks)), nn.SiLU(), nn.Flatten()]
        self.layers = nn.Sequential(
            *layers,
            nn.Linear(widths[-1] * sides[-1] ** 2, config.hidden),
            nn.SiLU(),
            nn.Linear(config.hidden, 2 * config.latent_dim),
        )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mu, logvar = self.layers(2 * x - 1).float().chunk(2, dim=1)
        return mu, LOGVAR_BOUND * torch.tanh(logvar / LOGVAR_BOUND)


class Decoder(nn.Module):
    """p(x|z): transposed convolutions to the logits of Bernoulli pixels; (B, D) -> (B, C, H, W)."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        sides = resolutions(config.image_size)
        widths = [config.channels, *stage_widths(config.width, len(sides) - 1)][::-1]
        layers: list[nn.Module] = [
            nn.Linear(config.latent_dim, config.hidden),
            nn.SiLU(),
            nn.Linear(config.hidden, widths[0] * sides[-1] ** 2),
            nn.Unflatten(1, (widths[0], sides[-1], sides[-1])),
            *(ResidualBlock(widths[0]) for _ in range(config.blocks)),
        ]
        for before, after in pairwise(widths):
            layers += [nn.SiLU(), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z).float()


class Autoencoder(nn.Module):
    """Encoder, reparametrised z = mu + exp(logvar / 2) * epsilon, decoder, prior: one module, so that one forward is one pass."""

    def __init__(self, config: VAEConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.prior = build_prior(config)

    def forward(self, x: Tensor, epsilon: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The logits of p(x|z), z, mean and log-variance of q(z|x), and log p(z)."""
        mu, logvar = self.encoder(x)
        z = mu + torch.exp(0.5 * logvar) * epsilon
        return self.decoder(z), z, mu, logvar, self.prior(z)


class VAE(Family):
    """See ``Family``; the one network is called ``autoencoder``."""

    encodes = True

    def __init__(self, config: VAEConfig) -> None:
        super().__init__(config, {"autoencoder": Autoencoder(config)}, averaged=("autoencoder",))
        self.config = config

    @property
    def model(self) -> Autoencoder:
        """The averaged autoencoder, which everything but the training step uses."""
        model = self.averaged["autoencoder"]
        assert isinstance(model, Autoencoder)
        return model

    @property
    def drawing(self) -> nn.Module:
        return nn.ModuleList([self.model.prior, self.model.decoder])

    def make_optimizers(self) -> dict[str, Optimizer]:
        parameters = self.networks["autoencoder"].parameters()
        return {"autoencoder": Adam(parameters, lr=self.config.learning_rate, **self.adam_kernel())}

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        x = to_unit(batch.images)
        if self.config.binarize:
            x = noise.bernoulli(x)
        epsilon = noise.normal(len(x), self.config.latent_dim)
        logits, z, mu, logvar, log_prior = self.networks["autoencoder"](x, epsilon)
        recon = -bernoulli_log_likelihood(logits, x).mean()
        if self.config.kl_estimator == "closed-form":
            kl = self.kl(mu, logvar, log_prior).mean()
        else:
            kl = kl_single_sample(z, mu, logvar, log_prior).mean()
        self.optimizer_step("autoencoder", recon + self.kl_weight(batch.epoch) * kl, MAX_GRADIENT_NORM)
        return {
            "neg_elbo": (recon + kl).detach(),
            "recon": recon.detach(),
            "kl": kl.detach(),
            "active_units": active_units(mu.detach()),
        } | self.prior_curve(z.detach(), log_prior.detach())

    def kl(self, mu: Tensor, logvar: Tensor, log_prior: Tensor) -> Tensor:
        """KL(q(z|x) || p(z)) as exactly as it can be had, (B, D) -> (B,): a learned prior has no closed form, and its log p(z) (B,) at one
        z drawn from q(z|x) stands for the mean of it."""
        if self.config.prior == "normal":
            return kl_closed_form(mu, logvar)
        return -normal_entropy(logvar) - log_prior

    def prior_curve(self, z: Tensor, log_prior: Tensor) -> dict[str, Tensor]:
        """By how many nats a learned prior fits codes z (B, D) better than a normal distribution with the mean and spread of each
        dimension."""
        if self.config.prior == "normal":
            return {}
        logvar = z.var(0, correction=0).clamp_min(torch.finfo(z.dtype).tiny).log()
        return {PRIOR_GAIN: log_prior.mean() - normal_log_density(z, z.mean(0), logvar).mean()}

    def kl_weight(self, epoch: float) -> float:
        """beta, after a linear rise from 0 over the warm-up (beta-VAE: Higgins et al. 2017)."""
        warmup = self.config.warmup_epochs
        return self.config.beta * (min(1.0, epoch / warmup) if warmup else 1.0)

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        recon, kl, means, codes, priors = [], [], [], [], []
        with evaluating(self.model):
            for batch in batches:
                x = noise.bernoulli(to_unit(batch.images))
                logits, z, mu, logvar, log_prior = self.model(x, noise.normal(len(x), self.config.latent_dim))
                recon.append(-bernoulli_log_likelihood(logits, x))
                kl.append(self.kl(mu, logvar, log_prior))
                means.append(mu)
                codes.append(z)
                priors.append(log_prior)
        found = floats(
            {
                "recon": torch.cat(recon).mean(),
                "kl": torch.cat(kl).mean(),
                "active_units": active_units(torch.cat(means)),
            }
            | self.prior_curve(torch.cat(codes), torch.cat(priors))
        )
        return {"neg_elbo": found["recon"] + found["kl"]} | found

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x): uint8 (B, C, H, W) -> two of (B, D). Grey values are kept, not binarised.

        Raises ``TypeError`` or ``ValueError`` for images of another type or size.
        """
        with evaluating(self.model):
            return self.model.encoder(to_unit(self.of_size(images)))

    def decode(self, z: Tensor) -> Tensor:
        """The mean images of p(x|z): (B, D) -> (B, C, H, W) in [0, 1]."""
        must_have_shape(z, None, self.latent_dim)
        with evaluating(self.model):
            return torch.sigmoid(self.model.decoder(z))

    def reconstruct(self, mu: Tensor, images: Tensor) -> tuple[Tensor, Tensor]:
        """The mean images at the codes ``mu`` (B, D), (B, C, H, W) in [0, 1], and -log p(x|mu) in nats of uint8 images, (B,)."""
        must_have_shape(mu, len(self.of_size(images)), self.latent_dim)
        with evaluating(self.model):
            logits = self.model.decoder(mu)
            return torch.sigmoid(logits), -bernoulli_log_likelihood(logits, to_unit(images))

    def log_weights(self, x: Tensor, epsilon: Tensor) -> Tensor:
        """log p(x, z_i) - log q(z_i|x) for k draws: x in [0, 1] (B, C, H, W), epsilon (k, B, D) -> (k, B).

        Raises ``TypeError`` or ``ValueError`` for images of another type, size or range.
        """
        must_be_unit(self.of_size(x))
        if x.dtype != torch.float32:
            raise TypeError(f"Images of torch.float32 are needed here, not {x.dtype}: convert them with float().")
        must_have_shape(epsilon, None, len(x), self.latent_dim)
        with evaluating(self.model):
            mu, logvar = self.model.encoder(x)
            z = mu + torch.exp(0.5 * logvar) * epsilon
            logits = self.model.decoder(z.flatten(0, 1)).unflatten(0, epsilon.shape[:2])
            prior, posterior = self.model.prior(z), normal_log_density(z, mu, logvar)
            return bernoulli_log_likelihood(logits, x.expand_as(logits)) + prior - posterior

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        if z is None:
            return self.decode(self.prior_codes(torch.randn(n, self.model.prior.noise_dim, device=self.device)))
        return self.decode(as_noise(z, n, self.latent_dim, device=self.device))

    def inputs(self) -> dict[str, str]:
        return {"z": f"torch.randn(N, {self.model.prior.noise_dim})"}

    def draw(self, z: Tensor, **others: Tensor) -> Tensor:
        """Images of standard normal noise, which the prior makes codes of; that of N(0, I) leaves it as it is."""
        must_have_shape(z, None, self.model.prior.noise_dim)
        with evaluating(self.model):  # one alone: torch.export cannot read a program again that has an empty one
            return torch.sigmoid(self.model.decoder(self.model.prior.codes(z)))

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        return self.decode(self.random_codes(len(real), noise))

    def random_codes(self, n: int, noise: Noise) -> Tensor:
        """Codes z ~ p(z), (n, D)."""
        return self.prior_codes(noise.normal(n, self.model.prior.noise_dim))

    def prior_codes(self, noise: Tensor) -> Tensor:
        """The codes that the prior makes of standard normal noise, see ``Prior.codes``."""
        with evaluating(self.model):
            return self.model.prior.codes(noise)

    def passes(self, images: Tensor, labels: Tensor, noise: Noise, generated: bool) -> dict[str, Pass]:
        """See ``Family``; the decoder has the mean of q(z|x) of a real image, and the encoder what the decoder made of noise."""
        z = self.random_codes(len(images), noise)
        x = self.decode(z) if generated else to_unit(images)
        if not generated:
            z, _ = self.encode(images)
        return {
            N_("Encoder"): Pass(self.model.encoder, {N_("Image"): x}, lambda pixels: pixels),
            N_("Decoder"): Pass(self.model.decoder, {N_("Latent vector"): z}, torch.sigmoid, draws=True),
        }

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        originals = images[:32]
        reconstructions = self.decode(self.encode(originals)[0])
        pairs = torch.stack([to_unit(originals), reconstructions], dim=1).flatten(0, 1)
        return {
            "samples": self.decode(self.random_codes(64, Noise(PREVIEW_SEED, self.device))),
            "reconstructions": pairs,
        }


def active_units(mu: Tensor) -> Tensor:
    """How many latents have a mean that varies with the image: A_u = Var_x(E[z_u|x]) > 0.01 (IWAE, section 5.2).

    mu: (B, D) -> scalar.
    """
    return (mu.var(0, correction=0) > ACTIVE_VARIANCE).sum().float()


def build(config: VAEConfig, num_classes: int) -> VAE:
    """The untrained VAE of ``config``; labels are not used."""
    return VAE(config)
