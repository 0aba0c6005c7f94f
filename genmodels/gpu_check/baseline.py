"""The same networks and losses as a script usually has them: a ``DataLoader`` that makes a tensor of one image after the other, and
losses that are printed at each step. Nothing is compiled.
"""

import copy
from collections.abc import Generator
from functools import partial
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import Adam, AdamW, Optimizer, RMSprop
from torch.utils.data import DataLoader, Dataset

from genmodels.config.base import RunConfig
from genmodels.config.families import FlowConfig, GANConfig, VAEConfig
from genmodels.data.noise import Noise
from genmodels.models import build
from genmodels.models.gan import GAN
from genmodels.models.losses import OBJECTIVE_LOSSES, gradient_penalty, zero_centred_penalty

CLASSES = 10


def steps(config: RunConfig, images: Dataset, device: torch.device) -> Generator[None]:
    """One training step after another, without end; ``images``: pairs of an image as the network sees it, (C, H, W) in [0, 1] for a
    VAE and in [-1, 1] for a GAN or a flow, and its label."""
    loader: Any = DataLoader(images, batch_size=config.batch_size, shuffle=True, drop_last=True)
    if isinstance(config, GANConfig):
        return _gan(config, loader, device)
    if isinstance(config, FlowConfig):
        return _flow(config, loader, device)
    assert isinstance(config, VAEConfig)
    return _vae(config, loader, device)


def _vae(config: VAEConfig, loader: Any, device: torch.device) -> Generator[None]:
    model = build(config).networks["autoencoder"].to(device)
    optimizer, autocast = Adam(model.parameters(), lr=config.learning_rate), _autocast(config, device)
    while True:
        for x, _ in loader:
            x = torch.bernoulli(x.to(device))
            with autocast():
                logits, _, mu, logvar, _ = model(x, torch.randn(len(x), config.latent_dim, device=device))
            recon = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = (recon + kl) / len(x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            f"{loss.item():.2f}"
            yield


def _flow(config: FlowConfig, loader: Any, device: torch.device) -> Generator[None]:
    """Flow matching; the average of the weights is moved by one tensor after the other."""
    model = build(config, CLASSES).networks["unet"].to(device)
    average, optimizer = copy.deepcopy(model), AdamW(model.parameters(), lr=config.learning_rate)
    autocast = _autocast(config, device)
    while True:
        for x, labels in loader:
            x, labels = x.to(device), labels.to(device)
            noise, t = torch.randn_like(x), torch.sigmoid(torch.randn(len(x), device=device))
            dropped = torch.rand(len(x), device=device) < config.label_dropout
            share = t[:, None, None, None]
            with autocast():
                velocity = model((1 - share) * noise + share * x, t, labels.masked_fill(dropped, CLASSES))
            loss = F.mse_loss(velocity, x - noise)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            with torch.no_grad():
                for mean, weight in zip(average.parameters(), model.parameters(), strict=True):
                    mean.lerp_(weight, 1 - config.ema_decay)
            f"{loss.item():.2f}"
            yield


def _gan(config: GANConfig, loader: Any, device: torch.device) -> Generator[None]:
    """Each network has fake images of its own, made by a forward of its own."""
    family = build(config, CLASSES)
    assert isinstance(family, GAN)
    networks = {name: network.to(device) for name, network in family.networks.items()}
    generator, discriminator = networks["generator"], networks["discriminator"]
    g_optimizer, d_optimizer = _optimizer(config, generator), _optimizer(config, discriminator)
    objective, noise, autocast, step = (
        OBJECTIVE_LOSSES[config.objective],
        Noise(0, device),
        _autocast(config, device),
        0,
    )
    while True:
        for x, labels in loader:
            x, labels, step = x.to(device), labels.to(device), step + 1
            real_condition, fake_condition = family.condition(x, labels, noise)
            z = family.sample_latent(len(x), noise)
            with autocast():
                fake = generator(z, *fake_condition).detach()
                answer = discriminator(fake, *fake_condition)
                real_logits = family.logits(discriminator(x, *real_condition))
            d_loss = objective.discriminator(real_logits, family.logits(answer))
            d_loss += family.extra_loss(answer, z)[0]
            if config.objective == "wasserstein-gp":
                between = torch.rand(len(x), device=device)
                d_loss += config.gp_weight * gradient_penalty(discriminator, x, fake, between)
            for factor, images in ((config.r1_weight, x), (config.r2_weight, fake)):
                if factor:
                    d_loss += factor * zero_centred_penalty(discriminator, images)
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            if config.objective == "wasserstein-clip":
                for weight in discriminator.parameters():
                    weight.data.clamp_(-config.clip, config.clip)
            f"{d_loss.item():.2f}"

            if step % config.n_critic == 0:
                z = family.sample_latent(len(x), noise)
                with autocast():
                    answer = discriminator(generator(z, *fake_condition), *fake_condition)
                    rivals = [family.logits(discriminator(x, *real_condition))] if family.info.paired else []
                g_loss = objective.generator(family.logits(answer), *rivals) + family.extra_loss(answer, z)[0]
                g_optimizer.zero_grad()
                g_loss.backward()
                g_optimizer.step()
                f"{g_loss.item():.2f}"
            yield


def _autocast(config: RunConfig, device: torch.device) -> partial[torch.autocast]:
    """For the forward passes of one step, after which the weights are others than those that it has cast."""
    return partial(torch.autocast, device.type, torch.bfloat16, enabled=config.precision == "bf16")


def _optimizer(config: GANConfig, network: nn.Module) -> Optimizer:
    if config.optimizer == "rmsprop":
        return RMSprop(network.parameters(), lr=config.learning_rate)
    return Adam(network.parameters(), lr=config.learning_rate, betas=(config.beta1, config.beta2))
