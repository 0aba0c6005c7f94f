"""The deep convolutional GAN: Radford, Metz & Chintala 2016 (arXiv:1511.06434)."""

from typing import Any

from torch import Tensor

from genmodels.config.families import DCGANConfig
from genmodels.data.noise import Noise
from genmodels.models.base import PREVIEW_SEED
from genmodels.models.gan import GAN
from genmodels.models.gan_blocks import Discriminator, Generator
from genmodels.models.labels import as_noise

PREVIEWS = 64


class DCGAN(GAN):
    """See ``GAN``; noise alone makes an image."""

    def __init__(self, config: DCGANConfig) -> None:
        super().__init__(config, Generator(config, config.latent_dim), Discriminator(config, config.channels))

    def load(self, tensors: dict[str, Tensor]) -> None:
        """See ``Family``; takes what the first version wrote too, whose discriminator was a single list of layers."""
        discriminator: Any = self.unwrapped("discriminator")
        own = "discriminator.layers."
        last = len(discriminator.features)
        super().load(
            {
                name.replace(f"{own}{last}.", "discriminator.last.0.").replace(own, "discriminator.features."): tensor
                for name, tensor in tensors.items()
            }
        )

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        return self.generate(as_noise(z, n, self.latent_dim, device=self.device))

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        return {
            "samples": self.sample(PREVIEWS, Noise(PREVIEW_SEED, self.device).normal(PREVIEWS, self.config.latent_dim))
        }


def build(config: DCGANConfig, num_classes: int) -> DCGAN:
    """The untrained DCGAN of ``config``; labels are not used."""
    return DCGAN(config)
