"""Good runs, and runs made bad on purpose, each with the findings that would be right for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

import torch
from torch import Tensor

from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.config.base import RunConfig
from genmodels.config.families import FlowConfig, parse
from genmodels.config.objectives import OBJECTIVES
from genmodels.data.noise import Noise
from genmodels.models.base import Batch
from genmodels.training.trainer import Trainer

Sabotage = Callable[[Trainer], None]
FLOWS = get_args(FlowConfig.model_fields["objective"].annotation)
QUIET = {"device": "cpu", "preview_every": 0}


@dataclass(frozen=True)
class Case:
    """A run: its config but for the seed, and how many of its epochs are played; what is done to its trainer before it starts;
    and which findings are right as the first, by their kind, and by the setting that is suspected first, if there is one."""

    name: str
    options: dict[str, Any]
    expected: tuple[str, ...] = ()
    sabotage: Sabotage = field(default=lambda trainer: None)
    suspect: str = ""
    played: int | None = None

    def config(self, seed: int) -> RunConfig:
        return parse(self.options | QUIET | {"seed": seed})


def defaults() -> list[Case]:
    """Every family and objective as its form has it, on the embedded digits: the first epochs.

    Not minimax, whose discriminator wins: see ``bad``.
    """
    return [
        Case("VAE, defaults", {"family": "vae"}, played=4),
        *(
            Case(f"DCGAN, {name}, defaults", {"family": "dcgan", "objective": name}, played=3)
            for name in OBJECTIVES
            if name != "minimax"
        ),
        Case("CGAN, classes, defaults", {"family": "cgan"}, played=3),
        Case("CGAN, pictures, defaults", {"family": "cgan", "condition": "picture"}, played=3),
        Case("InfoGAN, defaults", {"family": "infogan"}, played=3),
        *(Case(f"Flow, {name}, defaults", {"family": "flow", "objective": name}, played=4) for name in FLOWS),
        Case("Latent flow, defaults", {"family": "latent_flow"}, played=4),
    ]


def pretrained(epochs: int) -> list[Case]:
    """The commands of the pretrained models: their first epochs, of another seed than theirs. They need MNIST."""
    return [
        Case(f"{model.name}, its command", model.config, played=epochs)
        for model in pretrained_models()
        if model.config["family"] != "classifier"
    ]


def small(options: dict[str, Any]) -> dict[str, Any]:
    """Narrow networks that learn within four epochs, so that samples are judged without mercy from the second on."""
    values = {"width": 16, "latent_dim": 32, "learning_rate": 1e-3, "ema_decay": 0.99, "batch_size": 32, "epochs": 4}
    if options["family"] == "vae":
        values |= {"width": 8, "hidden": 64, "latent_dim": 8, "learning_rate": 3e-3}
    if options["family"] in ("flow", "latent_flow"):
        del values["latent_dim"]
    if options["family"] == "latent_flow":
        values |= {"width": 128}
    if options["family"] == "infogan":
        values |= {"hidden": 0}  # learns in fewer steps
    return values | options


def good() -> list[Case]:
    """Small runs that learn, of every family and objective."""
    runs: dict[str, dict[str, Any]] = {
        "VAE": {"family": "vae"},
        "VAE, 2 latents": {"family": "vae", "latent_dim": 2},
        "VAE, warm-up, closed form": {"family": "vae", "warmup_epochs": 2, "kl_estimator": "closed-form"},
        "VAE, beta 4": {"family": "vae", "beta": 4},
        "VAE, mixture as prior": {"family": "vae", "prior": "mixture"},
        "VAE, flow as prior": {"family": "vae", "prior": "flow"},
        "DCGAN, non-saturating": {"family": "dcgan"},
        "DCGAN, cross-entropy": {"family": "dcgan", "objective": "cross-entropy"},
        "DCGAN, minimax, instance noise": {
            "family": "dcgan", "objective": "minimax", "instance_noise": 1.0, "learning_rate": 2e-4, "generator_rate": 5.0,
        },
        "DCGAN, least squares": {"family": "dcgan", "objective": "least-squares"},
        "DCGAN, hinge": {"family": "dcgan", "objective": "hinge"},
        "DCGAN, relativistic": {"family": "dcgan", "objective": "relativistic"},
        "DCGAN, relativistic, R1 and R2": {"family": "dcgan", "objective": "relativistic", "r1_weight": 1, "r2_weight": 1},
        "DCGAN, hinge, spectral norm": {"family": "dcgan", "objective": "hinge", "critic_norm": "spectral"},
        "DCGAN, augmentation": {"family": "dcgan", "augment": "translation + cutout"},
        "DCGAN, Wasserstein, penalty": {"family": "dcgan", "objective": "wasserstein-gp", "n_critic": 2, "epochs": 6},
        "DCGAN, Wasserstein, clipped": {"family": "dcgan", "objective": "wasserstein-clip", "n_critic": 2, "epochs": 6},
        "CGAN, classes": {"family": "cgan"},
        "CGAN, pictures": {"family": "cgan", "condition": "picture"},
        "InfoGAN": {"family": "infogan"},
        "Flow": {"family": "flow"},
        "Flow, diffusion": {"family": "flow", "objective": "diffusion"},
        "Latent flow": {"family": "latent_flow"},
    }  # fmt: skip
    return [Case(name, small(options)) for name, options in runs.items()]


def bad() -> list[Case]:
    """Runs with one fault each."""
    dcgan, infogan, cgan, vae, flow = (
        small({"family": family}) for family in ("dcgan", "infogan", "cgan", "vae", "flow")
    )
    noise, collapse, frozen, broken = ("noise",), ("collapse",), ("frozen",), ("not finite",)
    wins, loses, still = ("discriminator dominates",), ("generator dominates",), ("generator not learning",)
    posterior = ("posterior collapse",)
    return [
        # Whatever such steps lead to, they are the cause.
        Case("DCGAN, learning rate 0.5", dcgan | {"learning_rate": 0.5}, (*noise, *collapse, *still, *wins, *loses, *broken),
             suspect="learning_rate"),
        Case("DCGAN, noise from epoch 2", dcgan, noise, scrambled_after(2.5, "generator")),
        Case("CGAN, noise from epoch 2", cgan, noise, scrambled_after(2.5, "generator")),
        Case("VAE, noise from epoch 2", vae, noise, scrambled_after(2.5, "autoencoder")),
        Case("DCGAN, always the same z", dcgan, collapse, with_one_z, played=2),
        Case("InfoGAN, always the same z", infogan, collapse, with_one_z, played=2),
        Case("CGAN, one image a class", cgan, collapse, with_one_z, played=2),
        Case("DCGAN, all the digit 1", dcgan, collapse, shown_only_ones),
        Case("VAE, all the digit 1", vae, ("samples alike",), shown_only_ones),
        Case("Flow, noise from epoch 2", flow, noise, scrambled_after(2.5, "unet")),
        Case("Flow, one step", flow | {"num_steps": 1}, ("grey samples",), suspect="num_steps"),
        Case("Flow, blind", flow, ("loss stuck", *frozen), with_a_blind_network),
        Case("Flow, frozen", flow | {"learning_rate": 1e-12}, frozen, suspect="learning_rate", played=2),
        Case("DCGAN, NaN", dcgan, broken, broken_after(2.5, "g_loss", torch.nan)),
        Case("InfoGAN, infinite", infogan, broken, broken_after(1.5, "d_loss", torch.inf)),
        Case("VAE, NaN", vae, broken, broken_after(0.3, "recon", torch.nan)),
        Case("DCGAN, frozen", dcgan | {"learning_rate": 1e-12}, frozen, suspect="learning_rate", played=2),
        Case("CGAN, frozen", cgan | {"learning_rate": 1e-12}, frozen, suspect="learning_rate", played=2),
        Case("VAE, frozen", vae | {"learning_rate": 1e-12}, frozen, suspect="learning_rate", played=2),
        Case("DCGAN, minimax, defaults", {"family": "dcgan", "objective": "minimax"}, wins, suspect="objective", played=5),
        # A generator so slow is beaten, and hardly learns: either says so.
        Case("DCGAN, slow generator", dcgan | {"generator_rate": 0.01}, (*wins, *still), suspect="generator_rate", played=3),
        Case("DCGAN, minimax, slow generator", dcgan | {"objective": "minimax", "generator_rate": 0.01}, (*wins, *still),
             suspect="objective", played=3),
        Case("DCGAN, hinge, slow generator", dcgan | {"objective": "hinge", "generator_rate": 0.01}, (*wins, *still),
             suspect="generator_rate", played=3),
        Case("DCGAN, weak discriminator", dcgan, loses, with_speeds(discriminator=1e-6), played=2),
        Case("InfoGAN, weak discriminator", infogan, loses, with_speeds(discriminator=1e-6), played=2),
        Case("DCGAN, generator frozen", dcgan, still, with_speeds(generator=1e-9), played=3),
        Case("CGAN, generator frozen", cgan, still, with_speeds(generator=1e-9), played=3),
        Case("InfoGAN, generator frozen", infogan, still, with_speeds(generator=1e-9), played=3),
        Case("DCGAN, Wasserstein, generator frozen", dcgan | {"objective": "wasserstein-clip", "n_critic": 1}, still,
             with_speeds(generator=1e-9), played=3),
        Case("VAE, beta 100", vae | {"beta": 100}, posterior, suspect="beta", played=2),
        Case("VAE, beta 40", {"family": "vae", "beta": 40, "epochs": 3}, posterior, suspect="beta"),
        Case("VAE, beta 40, 2 latents", vae | {"beta": 40, "latent_dim": 2}, posterior, suspect="beta", played=2),
        Case("VAE, code ignored", vae, posterior, with_a_deaf_decoder, played=2),
        Case("DCGAN, learning rate 0.003", {"family": "dcgan", "learning_rate": 0.003, "width": 16}, ("illegible samples",),
             suspect="learning_rate", played=14),
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
    sample_latent = family.sample_latent
    family.sample_latent = lambda n, noise: sample_latent(n, noise)[:1].expand(n, -1)


def shown_only_ones(trainer: Trainer) -> None:
    """The networks learn from images of one class; whoever looks at the samples knows them all."""
    images, labels = trainer.train_set.batch(torch.arange(len(trainer.train_set)))
    assert labels is not None
    ones = images[labels == 1]

    def replace(batch: Batch) -> None:
        chosen = ones[torch.arange(len(batch.images)) * 7 % len(ones)]
        batch.images.copy_(chosen)

    _before_each_step(trainer, replace)


def with_a_blind_network(trainer: Trainer) -> None:
    """Its first layer stays at zero, so that it sees nothing of what it is to predict."""
    family: Any = trainer.family

    @torch.no_grad()
    def blind(batch: Batch) -> None:
        family.unwrapped("unet").stem.weight.zero_()

    _before_each_step(trainer, blind)


def with_a_deaf_decoder(trainer: Trainer) -> None:
    """The decoder's first layer stays at zero, so that the code makes no difference."""
    family: Any = trainer.family

    @torch.no_grad()
    def deafen(batch: Batch) -> None:
        family.unwrapped("autoencoder").decoder.layers[0].weight.zero_()

    _before_each_step(trainer, deafen)
