"""The same networks and losses as they are usually written: one PIL image at a time, and losses that are printed each step."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F
from torch.optim import Adam, Optimizer, RMSprop
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, Normalize, ToTensor

from genmodels.config.families import GANConfig, VAEConfig
from genmodels.data.load import load_dataset
from genmodels.data.noise import Noise
from genmodels.models import build
from genmodels.models.gan import GAN
from genmodels.models.losses import OBJECTIVE_LOSSES, gradient_penalty

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
CLASSES = 10


class _Pictures(Dataset):
    """The embedded digits as torchvision's data sets give images."""

    def __init__(self, transform: Callable[[Image.Image], torch.Tensor]) -> None:
        digits = load_dataset("mnist-sample", "train", image_size=28, channels=1)
        assert digits.labels is not None
        self.images, self.labels = digits.images[:, 0].numpy(), digits.labels.tolist()
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(Image.fromarray(self.images[index])), self.labels[index]


def vae(config: VAEConfig) -> Iterator[None]:
    """One training step after another, without end."""
    model = build(config).networks["autoencoder"].to(DEVICE)
    optimizer = Adam(model.parameters(), lr=config.learning_rate)
    loader: Any = DataLoader(_Pictures(ToTensor()), batch_size=config.batch_size, shuffle=True, drop_last=True)
    while True:
        for x, _ in loader:
            x = torch.bernoulli(x.to(DEVICE))
            logits, _, mu, logvar = model(x, torch.randn(len(x), config.latent_dim, device=DEVICE))
            recon = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
            loss = (recon + kl) / len(x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            f"{loss.item():.2f}"
            yield


def gan(config: GANConfig) -> Iterator[None]:
    """The same; each network has fake images of its own, made by a forward of its own."""
    family = build(config, CLASSES)
    assert isinstance(family, GAN)
    networks = {name: network.to(DEVICE) for name, network in family.networks.items()}
    generator, discriminator = networks["generator"], networks["discriminator"]
    g_optimizer, d_optimizer = _optimizer(config, generator), _optimizer(config, discriminator)
    objective, noise, step = OBJECTIVE_LOSSES[config.objective], Noise(0, DEVICE), 0
    pictures = _Pictures(Compose([ToTensor(), Normalize(0.5, 0.5)]))
    loader: Any = DataLoader(pictures, batch_size=config.batch_size, shuffle=True, drop_last=True)
    while True:
        for x, labels in loader:
            x, labels, step = x.to(DEVICE), labels.to(DEVICE), step + 1
            real_condition, fake_condition = family.condition(x, labels, noise)
            z = family.sample_latent(len(x), noise)
            fake = generator(z, *fake_condition).detach()
            answer = discriminator(fake, *fake_condition)
            d_loss = objective.discriminator(family.logits(discriminator(x, *real_condition)), family.logits(answer))
            d_loss += family.extra_loss(answer, z)[0]
            if config.objective == "wasserstein-gp":
                between = torch.rand(len(x), device=DEVICE)
                d_loss += config.gp_weight * gradient_penalty(discriminator, x, fake, between)
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            if config.objective == "wasserstein-clip":
                for weight in discriminator.parameters():
                    weight.data.clamp_(-config.clip, config.clip)
            f"{d_loss.item():.2f}"

            if step % config.n_critic == 0:
                z = family.sample_latent(len(x), noise)
                answer = discriminator(generator(z, *fake_condition), *fake_condition)
                g_loss = objective.generator(family.logits(answer)) + family.extra_loss(answer, z)[0]
                g_optimizer.zero_grad()
                g_loss.backward()
                g_optimizer.step()
                f"{g_loss.item():.2f}"
            yield


def _optimizer(config: GANConfig, network: nn.Module) -> Optimizer:
    if config.optimizer == "rmsprop":
        return RMSprop(network.parameters(), lr=config.learning_rate, foreach=False)
    return Adam(network.parameters(), lr=config.learning_rate, betas=(config.beta1, config.beta2), foreach=False)
