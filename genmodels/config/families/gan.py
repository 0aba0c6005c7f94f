"""What every GAN lets one set, whatever its networks are conditioned on."""

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from genmodels.config.base import Curve, RunConfig, option
from genmodels.config.objectives import LOSSES, OBJECTIVES, OUTPUTS
from genmodels.language import N_, Message

GRADIENTS, DISTANCE = "Gradient norms", "Wasserstein estimate"
ZERO_CENTRED = ("r1_weight", "r2_weight")


class GANConfig(RunConfig):
    """A generator against a discriminator, both convolutional, with any of the GAN objectives."""

    abilities: ClassVar[tuple[str, ...]] = ("Draw new images", "Draw an image in one step")
    curves: ClassVar[tuple[Curve, ...]] = (
        Curve("d_loss", "discriminator", LOSSES, "mean over images", "What the discriminator (or critic) minimises.", test=False),
        Curve("g_loss", "generator", LOSSES, "mean over images", "What the generator minimises.", test=False),
        Curve("d_real", "D(x), real images", OUTPUTS, "probability or score", "What D says of real images: a probability, or a score."),
        Curve("d_fake", "D(G(z)), fake images", OUTPUTS, "probability or score", "What D says of the generator's images.", test=False),
        Curve("d_gradient", "discriminator", GRADIENTS, "length",
              "Length of the gradient of the discriminator's loss.", test=False),
        Curve("g_gradient", "generator", GRADIENTS, "length",
              "Length of the gradient of the generator's loss; near 0 it learns nothing.", test=False),
        Curve("distance", "estimate", DISTANCE, "score",
              "Mean score of real images minus that of fake ones: how far apart the critic finds them.", test=False),
    )  # fmt: skip

    objective: Literal[tuple(OBJECTIVES)] = option(  # type: ignore[valid-type]
        "non-saturating", "What generator and discriminator minimise.", "Loss"
    )
    label_smoothing: float = option(
        0.0,
        "Real images are to be called real with 1 minus this probability.",
        "Loss",
        only_if=("objective", "cross-entropy"),
        ge=0,
        lt=0.5,
    )
    clip: float = option(
        0.01, "Every weight of the critic stays within this.", "Loss", title="Clipping bound",
        only_if=("objective", "wasserstein-clip"), gt=0, le=1,
    )  # fmt: skip
    gp_weight: float = option(
        10.0, "Weight of the gradient penalty.", "Loss", title="Penalty weight",
        only_if=("objective", "wasserstein-gp"), gt=0, le=1000,
    )  # fmt: skip
    r1_weight: float = option(
        0.0, "Weight of |grad D(x)|^2 / 2 at real images, which keeps D flat there (Mescheder et al. 2018, arXiv:1801.04406, "
        "equation 9); 0 leaves it out. Above 0 the discriminator's normalisation becomes none.",
        "Loss", title="R1 penalty", ge=0, le=1000,
    )  # fmt: skip
    r2_weight: float = option(
        0.0, "The same at the generator's images (equation 10); 0 leaves it out. Above 0 the discriminator's normalisation becomes none.",
        "Loss", title="R2 penalty", ge=0, le=1000,
    )  # fmt: skip
    n_critic: int = option(
        1, "Steps of the discriminator for one of the generator.", "Loss", "steps", "Discriminator steps", ge=1, le=20
    )

    instance_noise: float = option(
        0.0,
        "Standard deviation of the noise on all images that the discriminator sees, which run from -1 to 1.",
        "Loss",
        ge=0,
        le=2,
    )
    noise_fades: bool = option(
        False, "The instance noise falls to 0 in a straight line until the last step (Sønderby et al. 2017, arXiv:1610.04490).",
        "Loss", title="Instance noise fades",
    )  # fmt: skip

    latent_dim: int = option(100, "Length of the noise z.", "Model", "dimensions", title="Noise size", ge=1, le=512)
    width: int = option(
        64, "Channels at the highest resolution; deeper layers have more.", "Model", "channels", ge=4, le=256
    )
    blocks: int = option(
        0,
        "Further convolutions at the lowest resolution, in both networks.",
        "Model",
        "layers",
        "Extra layers",
        ge=0,
        le=8,
    )
    downsampling: Literal["strided convolution", "max pooling", "average pooling"] = option(
        "strided convolution", "How the discriminator halves the resolution.", "Model"
    )
    upsampling: Literal["transposed convolution", "nearest + convolution"] = option(
        "transposed convolution", "How the generator doubles the resolution.", "Model"
    )
    critic_norm: Literal["batch", "spectral", "none"] = option(
        "batch", "BatchNorm in the discriminator; or spectral, which divides each layer's weights by their largest singular value, so "
        "that D cannot be steep (Miyato et al. 2018, arXiv:1802.05957); or none.",
        "Model", title="Discriminator's normalisation",
    )  # fmt: skip

    learning_rate: float = option(2e-4, "The optimiser's step size at its highest.", "Training", gt=0, le=1)
    generator_rate: float = option(
        1.0, "The generator's step size is so many times as large (Heusel et al. 2017 give each network its own).",
        "Training", "times", "Generator's step size", gt=0, le=100,
    )  # fmt: skip
    schedule: Literal["cosine", "constant"] = option(
        "constant", "cosine lets the learning rate fall to nearly zero at the last step.", "Training"
    )
    optimizer: Literal["adam", "rmsprop"] = option("adam", "Of both networks.", "Training", title="Optimiser")
    beta1: float = option(
        0.5, "Adam's memory of the gradient.", "Training", title="Adam's beta 1",
        only_if=("optimizer", "adam"), ge=0, lt=1,
    )  # fmt: skip
    beta2: float = option(
        0.999, "Adam's memory of its square.", "Training", title="Adam's beta 2",
        only_if=("optimizer", "adam"), ge=0, lt=1,
    )  # fmt: skip

    augment: Literal["none", "translation", "translation + cutout", "colour + translation + cutout"] = option(
        "none", "What is done at random to all images, real and generated, before the discriminator sees them, so that it does not "
        "learn a small set by heart (DiffAugment, Zhao et al. 2020, arXiv:2006.10738): moved by up to an eighth of the side; a "
        "square of half the side made grey; brightness, saturation and contrast changed.",
        "Training", title="Augmentation",
    )  # fmt: skip

    @classmethod
    def defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """An objective changes those that it demands, and R1 and R2 leave the discriminator without BatchNorm."""
        objective = OBJECTIVES.get(values.get("objective", "non-saturating"))
        usual = super().defaults(values) | (objective.demands if objective else {})
        flat = any(_is_positive(values.get(name, usual[name])) for name in ZERO_CENTRED)
        return usual | ({"critic_norm": "none"} if flat else {})

    @property
    def penalties(self) -> tuple[str, ...]:
        """What of this config puts the gradient of the discriminator's output by its image into its loss."""
        gp = ("wasserstein-gp",) if self.objective == "wasserstein-gp" else ()
        return gp + tuple(name for name in ZERO_CENTRED if getattr(self, name) > 0)

    @model_validator(mode="after")
    def _penalty_needs_no_batch_norm(self) -> Self:
        if self.penalties and self.critic_norm == "batch":
            named = self.penalties[0]
            raise ValueError(
                N_(
                    "critic_norm: must be none or spectral with {named}, whose penalty is of each image by itself",
                    named=named,
                )
            )
        return self

    @classmethod
    def name_for(cls, values: dict[str, Any]) -> Message:
        objective = N_(OBJECTIVES[values["objective"]].title)
        return N_("{first}: {second}", first=super().name_for(values), second=objective)

    def drawn(self) -> tuple[Curve, ...]:
        return tuple(
            curve for curve in self.curves if curve.panel != DISTANCE or OBJECTIVES[self.objective].wasserstein
        )

    def lines(self) -> dict[str, tuple[tuple[float, str], ...]]:
        return OBJECTIVES[self.objective].equilibrium(self.label_smoothing).lines()


def _is_positive(value: Any) -> bool:
    """Whether a weight, which may be the text of a command line or of an address, and wrong, is above 0."""
    try:
        return float(value) > 0
    except (TypeError, ValueError):
        return False
