"""The same networks and losses as they are usually written: one PIL image at a time, and losses that are printed each step."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from PIL import Image
from torch.nn import functional as F
from torch.optim import Adam
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import Compose, Normalize, ToTensor

from genmodels import data
from genmodels.families import DCGANConfig, VAEConfig
from genmodels.models import build

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class _Pictures(Dataset):
    """The embedded digits as torchvision's data sets give images."""

    def __init__(self, transform: Callable[[Image.Image], torch.Tensor]) -> None:
        self.images = data.load("mnist-sample", "train", image_size=28, channels=1).images[:, 0].numpy()
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> torch.Tensor:
        return self.transform(Image.fromarray(self.images[index]))


def vae(config: VAEConfig) -> Iterator[None]:
    """One training step after another, without end."""
    model = build(config).networks["autoencoder"].to(DEVICE)
    optimizer = Adam(model.parameters(), lr=config.learning_rate)
    loader: Any = DataLoader(_Pictures(ToTensor()), batch_size=config.batch_size, shuffle=True, drop_last=True)
    while True:
        for x in loader:
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


def dcgan(config: DCGANConfig) -> Iterator[None]:
    """The same; each network has fake images of its own, made by a forward of its own."""
    networks = build(config).networks
    generator, discriminator = networks["generator"].to(DEVICE), networks["discriminator"].to(DEVICE)
    betas = (config.beta1, config.beta2)
    g_optimizer = Adam(generator.parameters(), lr=config.learning_rate, betas=betas)
    d_optimizer = Adam(discriminator.parameters(), lr=config.learning_rate, betas=betas)
    pictures = _Pictures(Compose([ToTensor(), Normalize(0.5, 0.5)]))
    loader: Any = DataLoader(pictures, batch_size=config.batch_size, shuffle=True, drop_last=True)
    real_label = torch.ones(config.batch_size, device=DEVICE)
    fake_label = torch.zeros(config.batch_size, device=DEVICE)
    while True:
        for x in loader:
            fake = generator(torch.randn(len(x), config.latent_dim, device=DEVICE)).detach()
            d_loss = F.binary_cross_entropy_with_logits(discriminator(x.to(DEVICE)), real_label)
            d_loss += F.binary_cross_entropy_with_logits(discriminator(fake), fake_label)
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()

            fake = generator(torch.randn(len(x), config.latent_dim, device=DEVICE))
            g_loss = F.binary_cross_entropy_with_logits(discriminator(fake), real_label)
            g_optimizer.zero_grad()
            g_loss.backward()
            g_optimizer.step()
            f"{d_loss.item():.2f} {g_loss.item():.2f}"
            yield
