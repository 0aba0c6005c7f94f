"""What a DCGAN lets one set."""

from typing import ClassVar, Literal

from genmodels.config.base import Page
from genmodels.config.families.gan import GANConfig


class DCGANConfig(GANConfig):
    """A deep convolutional GAN (Radford, Metz & Chintala 2016, arXiv:1511.06434), with any of the GAN objectives."""

    title: ClassVar[str] = "Deep convolutional GAN"
    acronym: ClassVar[str] = "DCGAN"
    pictures: ClassVar[dict[str, str]] = {
        "samples": "Samples: the generator's images of 64 noise vectors z, always the same z.",
    }
    page: ClassVar[Page] = Page(
        "dcgan",
        "Part 2: DCGAN",
        "Part 2: DCGAN and the GAN objectives",
        ":material/swords:",
        "A generator draws images from noise, a discriminator tells them from real ones, and each learns from the other. Eight "
        "objectives, each with its equation and a line where the game stands still.",
    )

    family: Literal["dcgan"] = "dcgan"
