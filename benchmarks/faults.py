"""Good runs, and runs made bad on purpose, each with the findings that would be right for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.config.families import parse
from genmodels.data.noise import Noise
from genmodels.models.base import Batch
from genmodels.training.trainer import Trainer

Sabotage = Callable[[Trainer], None]


@dataclass(frozen=True)
class Case:
    """A run: its config but for the seed; what is done to its trainer before it starts; and the findings that are right."""

    name: str
    options: dict[str, Any]
    expected: tuple[str, ...] = ()
    sabotage: Sabotage = field(default=lambda trainer: None)

    def config(self, seed: int) -> RunConfig:
        small = {"width": 16, "latent_dim": 32, "learning_rate": 1e-3, "ema_decay": 0.99, "batch_size": 32}
        if self.options["family"] == "vae":
            small |= {"width": 8, "hidden": 64, "latent_dim": 8, "learning_rate": 3e-3}
        if self.options["family"] == "infogan":
            small |= {"hidden": 0}  # learns in fewer steps
        return parse(small | {"epochs": 4, "device": "cpu", "seed": seed, "preview_every": 0} | self.options)


def good() -> list[Case]:
    """Runs that learn, of every family and objective."""
    return [
        Case("VAE", {"family": "vae"}),
        Case("VAE, 2 latents", {"family": "vae", "latent_dim": 2}),
        Case("VAE, warm-up, closed form", {"family": "vae", "warmup_epochs": 2, "kl_estimator": "closed-form"}),
        Case("VAE, beta 4", {"family": "vae", "beta": 4}),
        Case("DCGAN, non-saturating", {"family": "dcgan"}),
        Case("DCGAN, cross-entropy", {"family": "dcgan", "objective": "cross-entropy"}),
        Case("DCGAN, minimax, instance noise", {"family": "dcgan", "objective": "minimax", "instance_noise": 1.0,
              "learning_rate": 2e-4, "generator_rate": 5.0}),
        Case("DCGAN, least squares", {"family": "dcgan", "objective": "least-squares"}),
        Case("DCGAN, hinge", {"family": "dcgan", "objective": "hinge"}),
        Case("DCGAN, Wasserstein, penalty",
             {"family": "dcgan", "objective": "wasserstein-gp", "n_critic": 2, "epochs": 6}),
        Case("DCGAN, Wasserstein, clipped",
             {"family": "dcgan", "objective": "wasserstein-clip", "n_critic": 2, "epochs": 6}),
        Case("CGAN, classes", {"family": "cgan"}),
        Case("CGAN, pictures", {"family": "cgan", "condition": "picture"}),
        Case("InfoGAN", {"family": "infogan"}),
    ]  # fmt: skip


def bad() -> list[Case]:
    """Runs with one fault each."""
    dcgan, infogan, cgan, vae = ({"family": family} for family in ("dcgan", "infogan", "cgan", "vae"))
    noise, collapse, frozen, broken = ("noise",), ("collapse",), ("frozen",), ("not finite",)
    wins, loses = ("discriminator dominates", "generator not learning", "noise"), ("generator dominates",)
    return [
        Case("DCGAN, learning rate 0.5", dcgan | {"learning_rate": 0.5}, ("noise", "collapse", "not finite")),
        Case("DCGAN, noise from epoch 2", dcgan, noise, scrambled_after(2.5, "generator")),
        Case("CGAN, noise from epoch 2", cgan, noise, scrambled_after(2.5, "generator")),
        Case("VAE, noise from epoch 2", vae, noise, scrambled_after(2.5, "autoencoder")),
        Case("DCGAN, always the same z", dcgan, collapse, with_one_z),
        Case("InfoGAN, always the same z", infogan, collapse, with_one_z),
        Case("CGAN, one image a class", cgan, collapse, with_one_z),
        Case("DCGAN, all the digit 1", dcgan, collapse, shown_only_ones),
        Case("VAE, all the digit 1", vae, collapse, shown_only_ones),
        Case("DCGAN, NaN", dcgan, broken, broken_after(2.5, "g_loss", torch.nan)),
        Case("InfoGAN, infinite", infogan, broken, broken_after(1.5, "d_loss", torch.inf)),
        Case("VAE, NaN", vae, broken, broken_after(0.3, "recon", torch.nan)),
        Case("DCGAN, frozen", dcgan | {"learning_rate": 1e-12}, frozen),
        Case("CGAN, frozen", cgan | {"learning_rate": 1e-12}, frozen),
        Case("VAE, frozen", vae | {"learning_rate": 1e-12}, frozen),
        Case("DCGAN, strong discriminator", dcgan, wins, with_speeds(generator=0.01)),
        Case("DCGAN, minimax, strong discriminator", dcgan | {"objective": "minimax"}, wins, with_speeds(generator=0.01)),
        Case("DCGAN, hinge, strong discriminator", dcgan | {"objective": "hinge"}, wins, with_speeds(generator=0.01)),
        Case("DCGAN, weak discriminator", dcgan, loses, with_speeds(discriminator=1e-6)),
        Case("InfoGAN, weak discriminator", infogan, loses, with_speeds(discriminator=1e-6)),
        Case("DCGAN, generator frozen", dcgan, ("generator not learning", *wins), with_speeds(generator=1e-9)),
        Case("CGAN, generator frozen", cgan, ("generator not learning", *wins), with_speeds(generator=1e-9)),
        Case("DCGAN, Wasserstein, generator frozen", dcgan | {"objective": "wasserstein-clip", "n_critic": 1},
             ("generator not learning", "noise"), with_speeds(generator=1e-9)),
        Case("VAE, beta 100", vae | {"beta": 100}, ("posterior collapse",)),
        Case("VAE, beta 40, 2 latents", vae | {"beta": 40, "latent_dim": 2}, ("posterior collapse",)),
        Case("VAE, code ignored", vae, ("posterior collapse",), with_a_deaf_decoder),
    ]  # fmt: skip


def with_speeds(**factors: float) -> Sabotage:
    """Multiplies the learning rates of some networks."""

    def do(trainer: Trainer) -> None:
        for name, factor in factors.items():
            for group in trainer.family.optimizers[name].param_groups:
                group["lr"] *= factor

    return do


def _before_each_step(trainer: Trainer, do: Callable[[Batch], None]) -> None:
    step = trainer.family.step

    def instead(batch: Batch, noise: Noise) -> dict[str, Tensor]:
        do(batch)
        return step(batch, noise)

    trainer.family.step = instead  # type: ignore[method-assign]


def scrambled_after(epoch: float, network: str) -> Sabotage:
    """From ``epoch`` on, the weights of a network are noise, always the same."""

    def do(trainer: Trainer) -> None:
        @torch.no_grad()
        def scramble(batch: Batch) -> None:
            if batch.epoch >= epoch:
                generator = torch.Generator(trainer.device).manual_seed(trainer.config.seed)
                for weights in trainer.family.unwrapped(network).parameters():
                    weights.normal_(0, 0.3, generator=generator)

        _before_each_step(trainer, scramble)

    return do


def broken_after(epoch: float, curve: str, value: float) -> Sabotage:
    """From ``epoch`` on, a loss is not finite."""

    def do(trainer: Trainer) -> None:
        step = trainer.family.step

        def instead(batch: Batch, noise: Noise) -> dict[str, Tensor]:
            values = step(batch, noise)
            return values | {curve: values[curve] * value} if batch.epoch >= epoch else values

        trainer.family.step = instead  # type: ignore[method-assign]

    return do


def with_one_z(trainer: Trainer) -> None:
    """The generator is always given the same noise, so that it makes one image (of each class)."""
    family: Any = trainer.family
    draw = family.draw
    family.draw = lambda n, noise: draw(n, noise)[:1].expand(n, -1)


def shown_only_ones(trainer: Trainer) -> None:
    """The networks learn from images of one class; whoever looks at the samples knows them all."""
    images, labels = trainer.train_set.batch(torch.arange(len(trainer.train_set)))
    assert labels is not None
    ones = images[labels == 1]

    def replace(batch: Batch) -> None:
        chosen = ones[torch.arange(len(batch.images)) * 7 % len(ones)]
        batch.images.copy_(chosen)

    _before_each_step(trainer, replace)


def with_a_deaf_decoder(trainer: Trainer) -> None:
    """The decoder's first layer stays at zero, so that the code makes no difference."""
    family: Any = trainer.family

    @torch.no_grad()
    def deafen(batch: Batch) -> None:
        family.unwrapped("autoencoder").decoder.layers[0].weight.zero_()

    _before_each_step(trainer, deafen)
