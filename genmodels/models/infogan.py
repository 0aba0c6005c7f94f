"""InfoGAN: Chen et al., "InfoGAN: Interpretable Representation Learning by Information Maximizing Generative Adversarial
Nets", 2016 (arXiv:1606.03657).

What the generator starts from, (B, D + K + C), is noise of D dimensions, one of K categories as a one-hot vector of the
config's ``category_scale``, and C continuous codes.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genmodels.config.families import InfoGANConfig
from genmodels.data.augmentation import distorted, moved
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_symmetric
from genmodels.models.base import PREVIEW_SEED, evaluating
from genmodels.models.blocks import initialize
from genmodels.models.gan import GAN, Round
from genmodels.models.gan_blocks import LEAK, Features, Generator
from genmodels.models.labels import as_codes, as_labels, as_noise
from genmodels.models.losses import categorical_information, continuous_information, diversity_of_pairs

PREVIEWS = 64
ROWS = 10  # categories in the grid of codes
REACH = 2.0  # of a continuous code in that grid: beyond the [-1, 1] of training
MOST_LOGVAR = 3.0


class Reader(nn.Module):
    """Images to logits (B,), and to what Q says of their codes: K logits, C means and C log-variances, (B, K + 2 C).

    Both are read by one fully connected layer each from the trunk that they share: convolutions, then a fully connected
    layer if the config has one (appendix C.1).
    """

    def __init__(self, config: InfoGANConfig) -> None:
        super().__init__()
        features = Features(config, config.channels)
        layers: list[nn.Module] = [features, nn.Flatten()]
        if config.hidden:
            normalized = config.critic_norm == "batch"
            layers.append(nn.Linear(features.numbers, config.hidden, bias=not normalized))
            layers += [nn.BatchNorm1d(config.hidden)] if normalized else []
            layers.append(nn.LeakyReLU(LEAK))
        self.trunk = nn.Sequential(*layers)
        width = config.hidden or features.numbers
        self.last = nn.Linear(width, 1)
        self.q = nn.Linear(width, config.categories + 2 * config.continuous)
        initialize(self)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        shared = self.trunk(x)
        return self.last(shared).squeeze(1).float(), self.q(shared).float()


class InfoGAN(GAN):
    """See ``GAN``; the discriminator reads the codes of an image too, and both networks gain when it reads them right."""

    config: InfoGANConfig

    def __init__(self, config: InfoGANConfig) -> None:
        inputs = config.latent_dim + config.categories + config.continuous
        generator = Generator(config, inputs, config.hidden)
        super().__init__(config, generator, Reader(config), averaged=("generator", "discriminator"))

    def sample_latent(self, n: int, noise: Noise) -> Tensor:
        """With a weight on their difference, every second one is of the category of the one before it."""
        config = self.config
        z, categories = noise.normal(n, config.latent_dim), noise.integers(n, config.categories)
        if config.diversity_weight:
            categories[1::2] = categories[: n // 2 * 2 : 2]
        return self.join(z, categories, 2 * noise.uniform(n, config.continuous) - 1)

    def join(self, z: Tensor, categories: Tensor, codes: Tensor) -> Tensor:
        """Noise (B, D), categories (B,) and continuous codes (B, C) as one: (B, D + K + C)."""
        hot = F.one_hot(categories, self.config.categories).to(z)
        return torch.cat([z, self.config.category_scale * hot, codes], 1)

    def perturb(self, images: Tensor, epoch: float, noise: Noise) -> Tensor:
        """Moved and distorted, too, so that Q cannot read the code from where the strokes lie or how they lean, and real and
        fake images alike (Zhao et al. 2020, arXiv:2006.10738)."""
        images = moved(images, self.config.shift, noise, empty=-1.0)
        return super().perturb(distorted(images, self.config.distortion, noise, empty=-1.0), epoch, noise)

    def categories(self, z: Tensor) -> Tensor:
        """Which category is in each of what ``sample_latent`` or ``join`` gave: (B, D + K + C) -> (B,)."""
        return z[:, self.config.latent_dim :][:, : self.config.categories].argmax(1)

    def logits(self, answer: Any) -> Tensor:
        return answer[0]

    def extra_loss(self, answer: Any, z: Tensor) -> tuple[Tensor | float, dict[str, Tensor]]:
        """-lambda times the lower bound of I(c; G(z, c)) (equation 6), read from fake images, whose codes are known."""
        config = self.config
        logits, mu, logvar = self._parts(answer[1])
        categorical = categorical_information(logits, self.categories(z))
        values, loss = {"categorical_bound": categorical}, -config.info_weight * categorical
        if config.continuous:
            values["continuous_bound"] = continuous_information(
                mu, logvar, z[:, config.latent_dim + config.categories :]
            )
            loss = loss - config.continuous_weight * values["continuous_bound"]
        return loss, values

    def generator_extra_loss(self, game: Round) -> tuple[Tensor | float, dict[str, Tensor]]:
        """Two images of one category are to differ, or the generator would draw a single one for each, which Q reads best."""
        config = self.config
        if not (config.diversity_weight and len(game.drawn) > 1):
            return 0.0, {}
        style = torch.cat([game.z[:, : config.latent_dim], game.z[:, config.latent_dim + config.categories :]], 1)
        value = diversity_of_pairs(game.drawn, style)
        weight = config.diversity_weight * min(max(game.epoch - config.diversity_start, 0.0), 1.0)
        return -weight * value, {"diversity": value}

    def _parts(self, answer: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits of the categories, means and log-variances of the continuous codes."""
        config = self.config
        logits, mu, logvar = answer.split([config.categories, config.continuous, config.continuous], 1)
        return logits, mu, logvar.clamp(-2 * MOST_LOGVAR, MOST_LOGVAR)

    def read(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """What the averaged Q says of uint8 images (B, C, H, W): probabilities of the categories (B, K), and means of the
        continuous codes (B, C). Raises ``TypeError`` or ``ValueError`` for images of another type or size."""
        discriminator, seen = self.averaged["discriminator"], to_symmetric(self.of_size(images))
        with evaluating(discriminator):
            logits, mu, _ = self._parts(discriminator(seen)[1])
            return torch.softmax(logits, 1), mu

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        """Of the categories ``labels`` (n,) and the continuous ``codes`` (n, C); by default all categories in turn, and 0.

        Raises as ``as_labels`` and ``as_codes`` do.
        """
        config = self.config
        z = as_noise(z, n, config.latent_dim, device=self.device)
        if labels is None:
            labels = torch.arange(n, device=self.device) % config.categories
        labels = as_labels(labels, n, config.categories)
        if codes is None:
            codes = torch.zeros(n, config.continuous, device=self.device)
        return self.generate(self.join(z, labels, as_codes(codes, n, config.continuous, z)))

    def inputs(self) -> dict[str, str]:
        labels = f"torch.arange(N) % {self.config.categories}"
        return super().inputs() | {"labels": labels, "codes": f"2 * torch.rand(N, {self.config.continuous}) - 1"}

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        noise, rows = Noise(PREVIEW_SEED, self.device), min(ROWS, self.config.categories)
        samples = self.generate(self.sample_latent(PREVIEWS, noise))
        z = noise.normal(1, self.config.latent_dim).expand(rows * rows, -1)
        labels = torch.arange(rows, device=self.device).repeat_interleave(rows)
        codes = torch.zeros(rows * rows, self.config.continuous, device=self.device)
        codes[:, :1] = torch.linspace(-REACH, REACH, rows, device=self.device).repeat(rows)[:, None]
        return {"samples": samples, "codes": self.sample(rows * rows, z, labels, codes)}


def build(config: InfoGANConfig, num_classes: int) -> InfoGAN:
    """The untrained InfoGAN of ``config``; labels are not used."""
    return InfoGAN(config)
