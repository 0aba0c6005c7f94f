"""The conditional GAN: Mirza & Osindero, "Conditional Generative Adversarial Nets", 2014 (arXiv:1411.1784).

Both networks are conditioned on a class, or on a part of the image.
"""

import torch
from torch import Tensor, nn

from genmodels.config.families import CGANConfig
from genmodels.data import masks
from genmodels.data.noise import Noise
from genmodels.data.pixels import from_symmetric, to_symmetric
from genmodels.models.base import PREVIEW_SEED
from genmodels.models.blocks import initialize
from genmodels.models.gan import GAN, Condition, Round
from genmodels.models.gan_blocks import Discriminator, Features, Generator
from genmodels.models.labels import as_labels, as_noise, must_have_shape
from genmodels.models.losses import diversity_of_pairs

ROWS = 10  # classes in the grid of samples
COMPLETED, COMPLETIONS = 8, 6  # images in the grid of completions, and completions of each


class LabelGenerator(nn.Module):
    """Noise (B, D) and classes (B,) to images (B, C, H, W): the class becomes a vector that is joined with the noise.

    Instead of a class there may be shares of all of them, (B, classes), which mix their vectors.
    """

    def __init__(self, config: CGANConfig, num_classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_classes, config.embedding)
        self.generator = Generator(config, config.latent_dim + config.embedding)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        vectors = labels @ self.embedding.weight if labels.is_floating_point() else self.embedding(labels)
        return self.generator(torch.cat([z, vectors], 1))


class LabelDiscriminator(nn.Module):
    """Images and classes to logits: the class becomes a plane of the image's size that lies above it."""

    def __init__(self, config: CGANConfig, num_classes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(num_classes, config.image_size**2)
        self.discriminator = Discriminator(config, config.channels + 1)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        plane = self.embedding(labels).view(-1, 1, *x.shape[2:])
        return self.discriminator(torch.cat([x, plane], 1))


class PictureGenerator(nn.Module):
    """Noise (B, D) and what is shown of each image (B, C + 1, H, W) to whole images (B, C, H, W): only the rest is drawn."""

    def __init__(self, config: CGANConfig) -> None:
        super().__init__()
        features = Features(config, config.channels + 1)
        self.look = nn.Sequential(features, nn.Flatten(), nn.Linear(features.numbers, config.embedding))
        initialize(self.look)
        self.generator = Generator(config, config.latent_dim + config.embedding)

    def forward(self, z: Tensor, shown: Tensor) -> Tensor:
        drawn = self.generator(torch.cat([z, self.look(shown).float()], 1))
        return torch.where(shown[:, -1:] > 0, drawn, shown[:, :-1])


class PictureDiscriminator(nn.Module):
    """Whole images and what is shown of them to logits: it sees both, one above the other."""

    def __init__(self, config: CGANConfig) -> None:
        super().__init__()
        self.discriminator = Discriminator(config, 2 * config.channels + 1)

    def forward(self, x: Tensor, shown: Tensor) -> Tensor:
        return self.discriminator(torch.cat([x, shown], 1))


def shown(images: Tensor, hidden: Tensor) -> Tensor:
    """What a network sees of images (B, C, H, W) in [-1, 1]: 0 where they are ``hidden``, (B, 1, H, W), which comes last."""
    return torch.cat([images * (1 - hidden), hidden], 1)


class CGAN(GAN):
    """See ``GAN``; a class or a part of the image stands beside the noise."""

    config: CGANConfig

    def __init__(self, config: CGANConfig, num_classes: int) -> None:
        self.num_classes = num_classes
        self.completes = config.condition == "picture"
        if self.completes:
            super().__init__(config, PictureGenerator(config), PictureDiscriminator(config))
        else:
            super().__init__(config, LabelGenerator(config, num_classes), LabelDiscriminator(config, num_classes))

    def condition(self, real: Tensor, labels: Tensor | None, noise: Noise) -> tuple[Condition, Condition]:
        """Parts of the real images, each completed twice; or their classes, and others, drawn evenly, for the fake ones."""
        if self.completes:
            seen = shown(real, masks.sample(len(real), real.shape[-1], self.config.hidden, noise))
            even = len(real) // 2 * 2
            return (seen,), (torch.cat([seen[:even:2].repeat_interleave(2, 0), seen[even:]]),)
        assert labels is not None
        return (labels,), (noise.integers(len(real), self.num_classes),)

    def generator_extra_loss(self, game: Round) -> tuple[Tensor | float, dict[str, Tensor]]:
        """Two completions of one picture are to differ, or the generator would heed what it is shown and not the noise."""
        if not (self.completes and self.config.diversity_weight and len(game.drawn) > 1):
            return 0.0, {}
        value = diversity_of_pairs(game.drawn, game.z)
        return -self.config.diversity_weight * value, {"diversity": value}

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        """Of the classes ``labels`` (n,), by default all in turn, or of shares of them (n, classes).

        A network that completes pictures is shown nothing. Raises as ``as_labels`` does.
        """
        z = as_noise(z, n, self.latent_dim, device=self.device)
        if self.completes:
            side = self.config.image_size
            nothing = torch.zeros(n, self.config.channels, side, side, device=self.device)
            return self.generate(z, shown(nothing, torch.ones_like(nothing[:, :1])))
        if labels is None:
            labels = torch.arange(n, device=self.device) % self.num_classes
        return self.generate(z, as_labels(labels, n, self.num_classes, shares=True))

    def inputs(self) -> dict[str, str]:
        if self.completes:
            side, channels = self.config.image_size, self.config.channels
            return super().inputs() | {
                "images": f"torch.zeros(N, {channels}, {side}, {side})  # pictures in [0, 1]: what is not hidden of them is kept",
                "hidden": f"torch.ones(N, 1, {side}, {side})  # 1 where a picture is hidden, and to be completed; else 0",
            }
        return super().inputs() | {"labels": f"torch.arange(N) % {self.num_classes}"}

    def draw(self, z: Tensor, **others: Tensor) -> Tensor:
        if not self.completes:
            return super().draw(z, **others)
        return self.generate(z, shown(2 * others["images"] - 1, others["hidden"]))

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        """Of all classes in turn, or completions of ``real`` with parts hidden as in training."""
        z = self.sample_latent(len(real), noise)
        if not self.completes:
            return self.sample(len(real), z)
        return self.complete(real, masks.sample(len(real), real.shape[-1], self.config.hidden, noise), z)

    def complete(self, images: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        """Whole images (B, C, H, W) in [0, 1], from uint8 images (B, C, H, W) of which a part (B, 1, H, W) is hidden, where it is 1."""
        n, _, height, width = self.of_size(images).shape
        must_have_shape(hidden, n, 1, height, width)
        return self.generate(as_noise(z, n, self.latent_dim, device=self.device), shown(to_symmetric(images), hidden))

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        noise = Noise(PREVIEW_SEED, self.device)
        rows = COMPLETED if self.completes else min(ROWS, self.num_classes)
        z = noise.normal(rows, self.config.latent_dim).repeat(rows, 1)
        if not self.completes:
            labels = torch.arange(rows, device=self.device).repeat_interleave(rows)
            return {"samples": self.sample(len(z), z, labels)}
        return {
            "samples": self.sample(len(z), noise.normal(*z.shape)),
            "completions": self._completions(images, z, noise),
        }

    def _completions(self, images: Tensor, z: Tensor, noise: Noise) -> Tensor:
        """Rows of an image, what is shown of it, and its completions."""
        images = images[:COMPLETED].repeat(-(-COMPLETED // len(images)), 1, 1, 1)[:COMPLETED]
        hidden = masks.sample(COMPLETED, images.shape[-1], self.config.hidden, noise)
        completions = self.complete(
            images.repeat_interleave(COMPLETIONS, 0),
            hidden.repeat_interleave(COMPLETIONS, 0),
            z[: COMPLETED * COMPLETIONS],
        )
        whole = to_symmetric(images)
        seen = from_symmetric(shown(whole, hidden)[:, :-1])
        parts = [from_symmetric(whole)[:, None], seen[:, None], completions.unflatten(0, (COMPLETED, COMPLETIONS))]
        return torch.cat(parts, 1).flatten(0, 1)


def build(config: CGANConfig, num_classes: int) -> CGAN:
    """The untrained CGAN of ``config``; ``num_classes`` does not matter to one that completes pictures."""
    return CGAN(config, num_classes)
