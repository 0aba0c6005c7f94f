"""What all GANs share: Goodfellow et al., "Generative Adversarial Nets", 2014 (arXiv:1406.2661), with the networks of
``genmodels.models.blocks`` on any of ``genmodels.models.losses.OBJECTIVE_LOSSES``.

Images are in [-1, 1]; the discriminator gives one raw logit an image.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer, RMSprop

from genmodels.config.families import GANConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.data.augmentation import augmented
from genmodels.data.noise import Noise
from genmodels.data.pixels import from_drawn, from_symmetric, to_symmetric
from genmodels.language import N_
from genmodels.models import spectral_norm
from genmodels.models.base import Batch, Family, Pass, evaluating, floats
from genmodels.models.losses import (
    OBJECTIVE_LOSSES,
    Objective,
    cross_entropy_discriminator,
    gradient_penalty,
    zero_centred_penalty,
)

Condition = tuple[Tensor, ...]


@dataclass(frozen=True)
class Round:
    """One round of the game: images (B, C, H, W) in [-1, 1], both as the discriminator sees them and the fake ones as the
    generator drew them, the noise z (B, D) of the fake ones, what the networks are conditioned on for each image, and the
    epochs that have gone by."""

    real: Tensor
    fake: Tensor
    drawn: Tensor
    z: Tensor
    real_condition: Condition = ()
    fake_condition: Condition = ()
    epoch: float = 0.0


class GAN(Family):
    """See ``Family``; the networks are called ``generator`` and ``discriminator``, and at least the generator is averaged."""

    def __init__(
        self,
        config: GANConfig,
        generator: nn.Module,
        discriminator: nn.Module,
        averaged: tuple[str, ...] = ("generator",),
    ) -> None:
        if config.critic_norm == "spectral":
            spectral_norm.normalize(discriminator)
        networks = {"generator": generator, "discriminator": discriminator}
        super().__init__(config, networks, averaged)
        self.config = config
        self.info = OBJECTIVES[config.objective]
        self.objective = OBJECTIVE_LOSSES[config.objective]
        if config.objective == "cross-entropy":
            smoothed = partial(cross_entropy_discriminator, smoothing=config.label_smoothing)
            self.objective = Objective(smoothed, self.objective.generator)

    # What a family may add to the game

    def sample_latent(self, n: int, noise: Noise) -> Tensor:
        """What the generator starts from: (n, D)."""
        return noise.normal(n, self.config.latent_dim)

    def condition(self, real: Tensor, labels: Tensor | None, noise: Noise) -> tuple[Condition, Condition]:
        """What both networks are conditioned on: for the real images, and for as many fake ones."""
        return (), ()

    def perturb(self, images: Tensor, epoch: float, noise: Noise) -> Tensor:
        """What the discriminator sees of images: as they are, or augmented, or under instance noise, so that real and fake ones
        overlap (Arjovsky & Bottou 2017, arXiv:1701.04862, section 3)."""
        images = augmented(images, self.config.augment, noise)
        strength = self.config.instance_noise
        if self.config.noise_fades:
            strength *= 1 - epoch / self.config.epochs
        return images + strength * noise.normal(*images.shape) if strength else images

    def logits(self, answer: Any) -> Tensor:
        """The logits (B,) in an answer of the discriminator."""
        return answer

    def extra_loss(self, answer: Any, z: Tensor) -> tuple[Tensor | float, dict[str, Tensor]]:
        """What is added to both losses, from the answer on fake images, and the curves it gives."""
        return 0.0, {}

    def generator_extra_loss(self, game: Round) -> tuple[Tensor | float, dict[str, Tensor]]:
        """What is added to the generator's loss alone, and the curves it gives."""
        return 0.0, {}

    # Training

    def make_optimizers(self) -> dict[str, Optimizer]:
        config = self.config
        rates = {"discriminator": config.learning_rate, "generator": config.generator_rate * config.learning_rate}
        made: dict[str, Optimizer] = {}
        for name, network in self.networks.items():
            if config.optimizer == "rmsprop":
                made[name] = RMSprop(network.parameters(), lr=rates[name], foreach=True)
            else:
                betas = (config.beta1, config.beta2)
                made[name] = Adam(network.parameters(), lr=rates[name], betas=betas, **self.adam_kernel())
        return made

    def compilable(self) -> list[str]:
        """Without the critic under a gradient penalty: a compiled network has no gradient of its gradient."""
        return ["generator"] if self.config.penalties else list(self.networks)

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """One step of the discriminator, and every ``n_critic`` steps one of the generator, on the same fake images."""
        real = to_symmetric(batch.images)
        moves = (batch.step + 1) % self.config.n_critic == 0
        real_condition, fake_condition = self.condition(real, batch.labels, noise)
        z = self.sample_latent(len(real), noise)
        with torch.set_grad_enabled(moves):
            fake = self.networks["generator"](z, *fake_condition)
        seen_real, seen_fake = (self.perturb(images, batch.epoch, noise) for images in (real, fake))
        game = Round(seen_real, seen_fake, fake, z, real_condition, fake_condition, batch.epoch)
        values = self.discriminator_step(game, noise)
        return values | self.generator_step(game) if moves else values

    def discriminator_step(self, game: Round, noise: Noise) -> dict[str, Tensor]:
        """One step of the discriminator down its loss; the values of its curves."""
        discriminator, fake = self.networks["discriminator"], game.fake.detach()
        real_logits = self.logits(discriminator(game.real, *game.real_condition))
        answer = discriminator(fake, *game.fake_condition)
        fake_logits = self.logits(answer)
        loss = self.objective.discriminator(real_logits, fake_logits)
        extra, values = self.extra_loss(answer, game.z)
        gradient = self.optimizer_step("discriminator", loss + (extra + self.penalty(game, noise)))
        if self.config.objective == "wasserstein-clip":
            self.clip_critic()
        values |= {"d_loss": loss, "d_gradient": gradient}
        values |= {"d_real": self._output(real_logits), "d_fake": self._output(fake_logits)}
        if self.info.wasserstein:
            values["distance"] = real_logits.mean() - fake_logits.mean()
        return {name: value.detach() for name, value in values.items()}

    def penalty(self, game: Round, noise: Noise) -> Tensor | float:
        """The penalties on the discriminator's gradient, each with its weight; 0 where there are none."""
        config, discriminator = self.config, self.unwrapped("discriminator")
        total: Tensor | float = 0.0

        def critic(condition: Condition) -> Callable[[Tensor], Tensor]:
            return lambda images: self.logits(discriminator(images, *condition))

        if config.objective == "wasserstein-gp":
            fakes, epsilon = critic(game.fake_condition), noise.uniform(len(game.real))
            total = total + config.gp_weight * gradient_penalty(fakes, game.real, game.fake, epsilon)
        if config.r1_weight:
            total = total + config.r1_weight * zero_centred_penalty(critic(game.real_condition), game.real)
        if config.r2_weight:
            total = total + config.r2_weight * zero_centred_penalty(critic(game.fake_condition), game.fake)
        return total

    def generator_step(self, game: Round) -> dict[str, Tensor]:
        """One step of the generator down its loss, the discriminator held still; the values of its curves."""
        # Not through the wrapper of several processes: the discriminator's gradients are not wanted here.
        discriminator = self.unwrapped("discriminator").requires_grad_(False)
        answer = discriminator(game.fake, *game.fake_condition)
        logits = [self.logits(answer)]
        if self.info.paired:
            logits.append(self.logits(discriminator(game.real, *game.real_condition)))
        loss = self.objective.generator(*logits)
        extra, values = self.generator_extra_loss(game)
        gradient = self.optimizer_step("generator", loss + extra + self.extra_loss(answer, game.z)[0])
        discriminator.requires_grad_(True)
        values |= {"g_loss": loss, "g_gradient": gradient}
        return {name: value.detach() for name, value in values.items()}

    @torch.no_grad()
    def clip_critic(self) -> None:
        """Put every weight of the critic back into [-clip, clip] (Arjovsky et al. 2017, algorithm 1)."""
        weights: list[Tensor] = list(self.unwrapped("discriminator").parameters())
        torch._foreach_clamp_min_(weights, -self.config.clip)
        torch._foreach_clamp_max_(weights, self.config.clip)

    def _output(self, logits: Tensor) -> Tensor:
        """What D says, on average: a probability where the objective knows one, else a score."""
        return (torch.sigmoid(logits) if self.info.probabilities else logits).mean()

    # Looking

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        discriminator, logits = self.unwrapped("discriminator"), []
        with evaluating(discriminator):
            for batch in batches:
                real = to_symmetric(batch.images)
                condition, _ = self.condition(real, batch.labels, noise)
                # Not by its call, which a compiled network would compile anew for batches of this size and mode.
                logits.append(self.logits(discriminator.forward(real, *condition)))
            return floats({"d_real": self._output(torch.cat(logits))})

    def generate(self, z: Tensor, *condition: Tensor) -> Tensor:
        """Images (B, C, H, W) in [0, 1] of what the generator starts from (B, D) and is conditioned on.

        By the averaged generator in evaluation mode, so that an image does not depend on those beside it.
        """
        generator = self.averaged["generator"]
        with evaluating(generator):
            return from_drawn(generator(z, *condition))

    @property
    def drawing(self) -> nn.Module:
        return self.averaged["generator"]

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        return self.generate(self.sample_latent(len(real), noise))

    def passes(self, images: Tensor, labels: Tensor, noise: Noise, generated: bool) -> dict[str, Pass]:
        """See ``Family``; real images go through the discriminator alone."""
        seen = to_symmetric(images)
        real_condition, fake_condition = self.condition(seen, labels, noise)
        if not generated:
            return {N_("Discriminator"): self._judging(seen, real_condition)}
        generator, z = self.averaged["generator"], self.sample_latent(len(images), noise)
        with evaluating(generator):
            fake = generator(z, *fake_condition)
        inputs = {N_("Latent vector"): z} | self._named(fake_condition)
        return {
            N_("Generator"): Pass(generator, inputs, from_symmetric, draws=True),
            N_("Discriminator"): self._judging(fake, fake_condition),
        }

    def _judging(self, images: Tensor, condition: Condition) -> Pass:
        discriminator = self.averaged.get("discriminator", self.unwrapped("discriminator"))
        return Pass(discriminator, {N_("Image"): images} | self._named(condition), from_symmetric)

    def _named(self, condition: Condition) -> dict[str, Tensor]:
        return {N_("Class") if part.dim() == 1 else N_("Shown part"): part for part in condition}

    @abstractmethod
    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor: ...
