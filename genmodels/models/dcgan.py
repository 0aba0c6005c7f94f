"""The deep convolutional GAN: Radford, Metz & Chintala, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", 2016 (arXiv:1511.06434), trained on any of ``genmodels.losses.OBJECTIVES``.

Images are in [-1, 1]; the discriminator gives one raw logit an image.
"""

from collections.abc import Iterable
from functools import partial
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer, RMSprop

from genmodels.data import from_symmetric, to_symmetric
from genmodels.families import DCGANConfig
from genmodels.losses import OBJECTIVES, Objective, cross_entropy_discriminator, gradient_penalty
from genmodels.models.family import Batch, Family, evaluating
from genmodels.networks import initialize, resolutions, stage_widths
from genmodels.noise import Noise
from genmodels.objectives import OBJECTIVES as INFO

PREVIEW_SEED = 1
PREVIEWS = 64
LEAK = 0.2


class Generator(nn.Module):
    """Noise to images: transposed convolutions, BatchNorm, ReLU, tanh; (B, D) -> (B, C, H, W) in [-1, 1]."""

    def __init__(self, config: DCGANConfig) -> None:
        super().__init__()
        sides = resolutions(config.image_size)[::-1]
        widths = stage_widths(config.width, len(sides) - 1)[::-1]
        layers: list[nn.Module] = [
            nn.Unflatten(1, (config.latent_dim, 1, 1)),
            nn.ConvTranspose2d(config.latent_dim, widths[0], sides[0], bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        ]
        for before, after in pairwise(widths):
            layers += [*_double(config, before, after, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, *_double(config, widths[-1], config.channels, bias=True), nn.Tanh())
        initialize(self)

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z).float()


class Discriminator(nn.Module):
    """Images to logits: strided convolutions, BatchNorm, LeakyReLU; (B, C, H, W) in [-1, 1] -> (B,)."""

    def __init__(self, config: DCGANConfig) -> None:
        super().__init__()
        sides = resolutions(config.image_size)
        widths = [config.channels, *stage_widths(config.width, len(sides) - 1)]
        layers: list[nn.Module] = []
        for stage, (before, after) in enumerate(pairwise(widths)):
            normalized = config.critic_norm == "batch" and stage > 0  # the paper leaves the first layer without
            layers += _halve(config, before, after, bias=not normalized)
            layers += [*([nn.BatchNorm2d(after)] if normalized else []), nn.LeakyReLU(LEAK)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, sides[-1]), nn.Flatten(0))
        initialize(self)

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x).float()


def _double(config: DCGANConfig, before: int, after: int, bias: bool) -> list[nn.Module]:
    if config.upsampling == "transposed convolution":
        return [nn.ConvTranspose2d(before, after, 4, stride=2, padding=1, bias=bias)]
    return [nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(before, after, 3, padding=1, bias=bias)]


def _halve(config: DCGANConfig, before: int, after: int, bias: bool) -> list[nn.Module]:
    if config.downsampling == "strided convolution":
        return [nn.Conv2d(before, after, 4, stride=2, padding=1, bias=bias)]
    pooling = nn.MaxPool2d(2) if config.downsampling == "max pooling" else nn.AvgPool2d(2)
    return [nn.Conv2d(before, after, 3, padding=1, bias=bias), pooling]


class DCGAN(Family):
    """See ``Family``; the networks are called ``generator`` and ``discriminator``, and the generator is averaged."""

    def __init__(self, config: DCGANConfig) -> None:
        networks = {"generator": Generator(config), "discriminator": Discriminator(config)}
        super().__init__(config, networks, averaged=("generator",))
        self.config = config
        self.info = INFO[config.objective]
        self.objective = OBJECTIVES[config.objective]
        if config.objective == "cross-entropy":
            smoothed = partial(cross_entropy_discriminator, smoothing=config.label_smoothing)
            self.objective = Objective(smoothed, self.objective.generator)

    def make_optimizers(self) -> dict[str, Optimizer]:
        config = self.config
        weights = {name: network.parameters() for name, network in self.networks.items()}
        if config.optimizer == "rmsprop":
            return {name: RMSprop(own, lr=config.learning_rate, foreach=True) for name, own in weights.items()}
        betas = (config.beta1, config.beta2)
        return {name: Adam(own, lr=config.learning_rate, betas=betas, foreach=True) for name, own in weights.items()}

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """One step of the discriminator, and every ``n_critic`` steps one of the generator, on the same fake images."""
        real = to_symmetric(batch.images)
        moves = (batch.step + 1) % self.config.n_critic == 0
        z = noise.normal(len(real), self.config.latent_dim)
        with torch.set_grad_enabled(moves):
            fake = self.networks["generator"](z)
        values = self._discriminator_step(real, fake.detach(), noise)
        return values | self._generator_step(fake) if moves else values

    def _discriminator_step(self, real: Tensor, fake: Tensor, noise: Noise) -> dict[str, Tensor]:
        discriminator = self.networks["discriminator"]
        real_logits, fake_logits = discriminator(real), discriminator(fake)
        loss = self.objective.discriminator(real_logits, fake_logits)
        penalty: Tensor | float = 0.0
        if self.config.objective == "wasserstein-gp":
            epsilon = noise.uniform(len(real))
            penalty = self.config.gp_weight * gradient_penalty(self.unwrapped("discriminator"), real, fake, epsilon)
        gradient = self.descend("discriminator", loss + penalty)
        if self.config.objective == "wasserstein-clip":
            self.clip_critic()
        values = {"d_loss": loss, "d_gradient": gradient}
        values |= {"d_real": self._output(real_logits), "d_fake": self._output(fake_logits)}
        if self.info.wasserstein:
            values["distance"] = real_logits.mean() - fake_logits.mean()
        return {name: value.detach() for name, value in values.items()}

    def _generator_step(self, fake: Tensor) -> dict[str, Tensor]:
        # Not through the wrapper of several processes: the discriminator's gradients are not wanted here.
        discriminator = self.unwrapped("discriminator").requires_grad_(False)
        loss = self.objective.generator(discriminator(fake))
        gradient = self.descend("generator", loss)
        discriminator.requires_grad_(True)
        return {"g_loss": loss.detach(), "g_gradient": gradient.detach()}

    @torch.no_grad()
    def clip_critic(self) -> None:
        """Put every weight of the critic back into [-clip, clip] (Arjovsky et al. 2017, algorithm 1)."""
        weights: list[Tensor] = list(self.unwrapped("discriminator").parameters())
        torch._foreach_clamp_min_(weights, -self.config.clip)
        torch._foreach_clamp_max_(weights, self.config.clip)

    def _output(self, logits: Tensor) -> Tensor:
        """What D says, on average: a probability where the objective knows one, else a score."""
        return (torch.sigmoid(logits) if self.info.probabilities else logits).mean()

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        discriminator = self.unwrapped("discriminator")
        with evaluating(discriminator):
            logits = torch.cat([discriminator(to_symmetric(batch.images)) for batch in batches])
            return {"d_real": self._output(logits).item()}

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        """By the averaged generator in evaluation mode, so that an image does not depend on those beside it."""
        if z is None:
            z = torch.randn(n, self.config.latent_dim, device=self.device)
        generator = self.averaged["generator"]
        with evaluating(generator):
            return from_symmetric(generator(z))

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        z = Noise(PREVIEW_SEED, self.device).normal(PREVIEWS, self.config.latent_dim)
        return {"samples": self.sample(PREVIEWS, z)}


def build(config: DCGANConfig, num_classes: int) -> DCGAN:
    """The untrained DCGAN of ``config``; labels are not used."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return DCGAN(config)
