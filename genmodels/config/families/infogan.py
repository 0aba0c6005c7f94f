"""What an InfoGAN lets one set, and the curves it adds to those of a GAN."""

import math
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from genmodels.config.base import Curve, Page, option
from genmodels.config.families.cgan import CGANConfig
from genmodels.config.families.gan import GANConfig
from genmodels.language import N_

CATEGORICAL, CONTINUOUS = "Information in the categorical code", "Information in the continuous codes"
DIVERSITY = "Two images of one category"


class InfoGANConfig(GANConfig):
    """A GAN whose noise has parts that must show in the image (Chen et al. 2016, arXiv:1606.03657)."""

    title: ClassVar[str] = "InfoGAN"
    acronym: ClassVar[str] = "InfoGAN"
    curves: ClassVar[tuple[Curve, ...]] = (
        *GANConfig.curves,
        Curve("categorical_bound", "lower bound", CATEGORICAL, "nats",
              "At least so much the image tells of the categorical code: 0 is nothing.", test=False),
        Curve("continuous_bound", "lower bound", CONTINUOUS, "nats",
              "At least so much the image tells of all continuous codes together.", test=False),
        Curve("diversity", "difference", DIVERSITY, "of the noise's",
              "How much two images of the same category differ, for the difference of their z and continuous codes; "
              "0: all are alike.", test=False),
    )  # fmt: skip
    pictures: ClassVar[dict[str, str]] = {
        "samples": "Samples: noise and codes drawn at random, always the same.",
        "codes": "Codes: one category a row; from left to right the first continuous code goes from -2 to 2.",
    }
    abilities: ClassVar[tuple[str, ...]] = (
        *GANConfig.abilities,
        "Classify an image, trained without labels",
    )
    page: ClassVar[Page] = CGANConfig.page

    family: Literal["infogan"] = "infogan"
    latent_dim: int = option(
        62, "Length of the noise z beside the codes.", "Model", "dimensions", title="Noise size", ge=1, le=512
    )
    categories: int = option(10, "Values of the categorical code.", "Model", "values", ge=2, le=100)
    category_scale: float = option(
        1.0, "The number that stands for the category in front of the generator, where noise has a spread of 1: a larger one "
        "makes the category decide more of the image (ClusterGAN, Mukherjee et al. 2019, has 10).",
        "Model", title="Size of the category", gt=0, le=100,
    )  # fmt: skip
    continuous: int = option(
        2, "Continuous codes, each uniform between -1 and 1.", "Model", "codes", "Continuous codes", ge=0, le=16
    )
    hidden: int = option(
        256,
        "Width of a fully connected layer in both networks, between the codes and the convolutions; 0 leaves it out.",
        "Model",
        "units",
        "Fully connected layer",
        ge=0,
        le=4096,
    )
    info_weight: float = option(
        1.0, "Weight of the categorical code's information (lambda).", "Loss", title="Weight of the categorical code",
        ge=0, le=100,
    )  # fmt: skip
    continuous_weight: float = option(
        0.1,
        "Weight of the continuous codes' information.",
        "Loss",
        title="Weight of the continuous codes",
        ge=0,
        le=100,
    )
    diversity_weight: float = option(
        0.0, "Weight of the difference between two images of the same category; 0 leaves it out.", "Loss", ge=0, le=100
    )
    diversity_start: float = option(
        0.0, "Until then that weight is 0; within the next epoch it rises to its full height. First the categories are to "
        "find their kinds of image.",
        "Loss", "epochs", "Diversity begins", ge=0, le=1000,
    )  # fmt: skip

    shift: int = option(
        0, "Images are moved by up to so many pixels either way before the discriminator sees them.", "Training", "pixels",
        ge=0, le=8,
    )  # fmt: skip
    distortion: float = option(
        0.0, "Images are turned, sheared, stretched and moved at random before the discriminator sees them; at 1 by up to "
        "14 degrees, 0.3 of the height, 22 % and 7.5 % of the side.",
        "Training", "times", ge=0, le=3,
    )  # fmt: skip

    @model_validator(mode="after")
    def _distortion_has_no_deterministic_gradient(self) -> Self:
        if self.distortion and self.deterministic:
            raise ValueError(
                N_("distortion: must be 0 with deterministic, as CUDA has no such gradient of turned images")
            )
        return self

    def drawn(self) -> tuple[Curve, ...]:
        left_out = {CONTINUOUS: not self.continuous, DIVERSITY: not self.diversity_weight}
        return tuple(curve for curve in super().drawn() if not left_out.get(curve.panel))

    def lines(self) -> dict[str, tuple[tuple[float, str], ...]]:
        most = math.log(self.categories)
        return super().lines() | {
            CATEGORICAL: (
                (most, N_("all there is: ln {categories} = {most:.2f}", categories=self.categories, most=most)),
            )
        }
