"""What every flow lets one set, whatever its network leads noise to, and the curves it draws."""

from typing import ClassVar, Literal

from genmodels.config.base import Curve, RunConfig, option

SAMPLERS = ("heun", "euler", "stochastic")
MOST_STEPS = 100
MOST_GUIDANCE = 10


class TransportConfig(RunConfig):
    """A network that leads noise to data in many small steps: flow matching (Lipman et al. 2023, arXiv:2210.02747; Liu et al.
    2023, arXiv:2209.03003), or denoising diffusion in the form of EDM (Karras et al. 2022, arXiv:2206.00364)."""

    curves: ClassVar[tuple[Curve, ...]] = (
        Curve("loss", "loss", "Loss", "mean squared error",
              "Error of what the network predicts, a pixel or a number of the code. It falls quickly, then slowly for long; samples get "
              "better all the while."),
        Curve("explained", "explained", "Variance explained", "share",
              "1 minus the loss over the variance of what is to be predicted. Near 0 nothing is learned; 1 is out of reach, since "
              "many images lead to the same noisy one."),
        Curve("gradient", "gradient", "Gradient norm", "length", "Length of the loss's gradient, before it is clipped.", test=False),
    )  # fmt: skip
    pictures: ClassVar[dict[str, str]] = {
        "samples": "Samples: 64 noises led to images, always the same noises; with labels, all classes in turn.",
    }

    objective: Literal["flow-matching", "diffusion"] = option(
        "flow-matching",
        "What the network predicts: the velocity from noise to image on a straight path, or, for diffusion, what is left to denoise.",
        "Loss",
    )
    label_dropout: float = option(
        0.1, "Share of the labels that training leaves out, which guidance needs; 1 learns without labels.", "Training", ge=0, le=1
    )  # fmt: skip

    sampler: Literal[SAMPLERS] = option(  # type: ignore[valid-type]
        "heun", "How previews, scores and samples go from noise to image: two evaluations of the network a step, one, or two "
        "with fresh noise before each step.",
        "Sampling",
    )  # fmt: skip
    num_steps: int = option(
        10, "Steps from noise to image.", "Sampling", "steps", "Sampling steps", ge=1, le=MOST_STEPS
    )
    guidance: float = option(
        1.0, "Classifier-free guidance (Ho & Salimans 2022, arXiv:2207.12598): above 1 the class shows more, and samples differ "
        "less; 1 is none, and half the work.",
        "Sampling", "times", ge=0, le=MOST_GUIDANCE,
    )  # fmt: skip
