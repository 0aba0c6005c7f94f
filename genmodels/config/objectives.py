"""The GAN objectives as a reader meets them: equation, source, how to read the curves, and what each demands.

The losses themselves are in ``genmodels.models.losses.OBJECTIVE_LOSSES`` under the same names; this half stays free of torch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from genmodels.language import N_

LOSSES, OUTPUTS = "Losses", "Discriminator's output"


@dataclass(frozen=True)
class Equilibrium:
    """Where the generator's images are distributed as the real ones and the discriminator is at its best: both losses, None for
    one that is left open, and the outputs for any image: one, or the ends of an interval where all in it are as good, or none
    where all are."""

    d_loss: float
    g_loss: float | None = None
    outputs: tuple[float, ...] = ()

    def lines(self) -> dict[str, tuple[tuple[float, str], ...]]:
        """Heights and labels, by the title of the panel that they are drawn in."""
        losses: list[tuple[float, str]] = [(self.d_loss, N_("D at equilibrium: {d_loss:.4g}", d_loss=self.d_loss))]
        if self.g_loss is not None:
            losses.append((self.g_loss, N_("G at equilibrium: {g_loss:.4g}", g_loss=self.g_loss)))
        lines: dict[str, tuple[tuple[float, str], ...]] = {LOSSES: tuple(losses)}
        if len(self.outputs) == 1:
            lines[OUTPUTS] = ((self.outputs[0], N_("equilibrium: {output:.4g}", output=self.outputs[0])),)
        elif self.outputs:
            first, last = self.outputs
            lines[OUTPUTS] = (
                (first, N_("equilibrium: from {output:.4g}", output=first)),
                (last, N_("equilibrium: to {output:.4g}", output=last)),
            )
        return lines


def _optimal_classifier(smoothing: float, *, saturating: bool = False) -> Equilibrium:
    """Of a discriminator that is to call real images real with probability 1 - ``smoothing``.

    Where both densities are equal, D minimises -(1 - s) log D - (1 + s) log(1 - D), which is lowest at D = (1 - s) / 2
    (Goodfellow et al. 2014, proposition 1, for s = 0; Salimans et al. 2016, section 3.4).
    """
    d = (1 - smoothing) / 2
    d_loss = -(1 - smoothing) * math.log(d) - (1 + smoothing) * math.log(1 - d)
    return Equilibrium(d_loss, math.log(1 - d) if saturating else -math.log(d), (d,))


@dataclass(frozen=True)
class ObjectiveInfo:
    """title; ``discriminator`` and ``generator``: what each minimises, in LaTeX; source: author, year, equation, in Markdown.

    reading: what the curves mean. equilibrium: where the game stands still, by the label smoothing. demands: the defaults of
    other fields that it changes. ``probabilities``: whether sigmoid(logit) is a probability. ``paired``: whether both losses
    are of the difference of a real and a fake image's logits, and of no logit by itself.
    """

    title: str
    discriminator: str
    generator: str
    source: str
    reading: str
    equilibrium: Callable[[float], Equilibrium]
    demands: dict[str, Any] = field(default_factory=dict)
    probabilities: bool = False
    paired: bool = False

    @property
    def wasserstein(self) -> bool:
        """Whether the difference of the critic's means estimates a distance."""
        return "Wasserstein" in self.title


_CLASSIFIER = r"-\mathbb E_x \log D(x) - \mathbb E_z \log(1 - D(G(z)))"

OBJECTIVES: dict[str, ObjectiveInfo] = {
    "non-saturating": ObjectiveInfo(
        "Non-saturating",
        _CLASSIFIER,
        r"-\mathbb E_z \log D(G(z))",
        "Goodfellow et al. 2014, section 3",
        "D tells real from fake by probability. G raises the probability that its images are classified as real, and has a strong "
        "gradient just when it is losing. Neither loss has to fall: D(x) and D(G(z)) approach 1/2 as the images get better.",
        lambda _: _optimal_classifier(0.0),
        probabilities=True,
    ),
    "minimax": ObjectiveInfo(
        "Minimax (saturating)",
        _CLASSIFIER,
        r"\phantom{-}\mathbb E_z \log(1 - D(G(z)))",
        "Goodfellow et al. 2014, equation 1",
        "One value function, which D maximises and G minimises. When D is sure that an image is fake, log(1 - D) is flat: G gets no "
        "gradient and stands still, just when it would need it most. Watch G's gradient norm. Instance noise, which makes real "
        "and fake images overlap, keeps D from being sure.",
        lambda _: _optimal_classifier(0.0, saturating=True),
        probabilities=True,
    ),
    "cross-entropy": ObjectiveInfo(
        "Cross-entropy with label smoothing",
        r"H(1 - s,\, D(x)) + H(0,\, D(G(z)))",
        r"H(1,\, D(G(z)))",
        "Salimans et al. 2016, section 3.4",
        "The non-saturating objective, written as the cross-entropy of a classifier, with one change: real images are to be "
        "classified as real with probability 1 - s only, so that D does not become too sure. When it can no longer tell them apart, D "
        "answers (1 - s)/2. With s = 0 both are the same.",
        _optimal_classifier,
        {"label_smoothing": 0.1},
        probabilities=True,
    ),
    "least-squares": ObjectiveInfo(
        "Least squares",
        r"\tfrac12 \mathbb E_x (D(x) - 1)^2 + \tfrac12 \mathbb E_z D(G(z))^2",
        r"\tfrac12 \mathbb E_z (D(G(z)) - 1)^2",
        "Mao et al. 2017, equation 9 with $a = 0$, $b = c = 1$",
        "D answers with a number, 1 for real and 0 for fake. An image that is classified as real with too much conviction is pulled "
        "back too, so gradients do not vanish far from the boundary.",
        lambda _: Equilibrium(0.25, 0.125, (0.5,)),
    ),
    "wasserstein-clip": ObjectiveInfo(
        "Wasserstein, weights clipped",
        r"\mathbb E_z C(G(z)) - \mathbb E_x C(x), \quad |w| \le c",
        r"-\mathbb E_z C(G(z))",
        "Arjovsky et al. 2017, algorithm 1",
        "The critic C gives scores without a bound. Its loss, with the sign turned, estimates how far fake images are from real "
        "ones, up to a factor: this curve falls as the images get better. Clipping the weights keeps the critic from being too steep.",
        lambda _: Equilibrium(0.0),
        {"n_critic": 5, "optimizer": "rmsprop", "learning_rate": 5e-5},
    ),
    "wasserstein-gp": ObjectiveInfo(
        "Wasserstein, gradient penalty",
        r"\mathbb E_z C(G(z)) - \mathbb E_x C(x) + \lambda\, \mathbb E_{\hat x} (\lVert \nabla C(\hat x) \rVert - 1)^2",
        r"-\mathbb E_z C(G(z))",
        "Gulrajani et al. 2017, equation 3 and algorithm 1",
        "As with clipping, but the critic is kept from being too steep where it matters: its gradient at points between real "
        "and fake images is drawn towards length 1. The penalty is of each image by itself, so the critic has no BatchNorm.",
        lambda _: Equilibrium(0.0),
        {"n_critic": 5, "critic_norm": "none", "learning_rate": 1e-4, "beta1": 0.0, "beta2": 0.9},
    ),
    "hinge": ObjectiveInfo(
        "Hinge",
        r"\mathbb E_x \max(0, 1 - D(x)) + \mathbb E_z \max(0, 1 + D(G(z)))",
        r"-\mathbb E_z D(G(z))",
        "Lim & Ye 2017; Miyato et al. 2018, equations 16 and 17",
        "D only learns from images that are on the wrong side of a margin: real ones below 1, fake ones above -1. A loss of D "
        "that stays at 0 means that it has won; when it can no longer tell them apart, any answer from -1 to 1 is as good.",
        lambda _: Equilibrium(2.0, outputs=(-1.0, 1.0)),
    ),
    "relativistic": ObjectiveInfo(
        "Relativistic pairing",
        r"-\mathbb E_{x, z} \log \sigma(D(x) - D(G(z)))",
        r"-\mathbb E_{x, z} \log \sigma(D(G(z)) - D(x))",
        "Jolicoeur-Martineau 2018, section 4; Huang et al. 2024, equation 2",
        "D says which image of a pair is the real one, and G learns to turn that round: a fake is to look more real than the real image "
        "beside it, whatever that one shows, so fakes of a single kind do not win. σ is the sigmoid. Only differences count, so D(x) and "
        "D(G(z)) may drift together. By itself the game need not settle; penalties on D's gradient at real (R1) and fake images "
        "(R2) make it do so near the equilibrium.",
        lambda _: Equilibrium(math.log(2), math.log(2)),
        {"critic_norm": "none", "r1_weight": 1.0, "r2_weight": 1.0, "beta1": 0.0, "beta2": 0.99},
        paired=True,
    ),
}
