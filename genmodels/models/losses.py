"""Losses as small pure functions, each with its equation and its source. All take logits.

The terms of the VAE are one number an image, those of the GAN objectives the mean over the batch. What each objective demands is in
``genmodels.config.objectives``.

VAE terms: Kingma & Welling, "Auto-Encoding Variational Bayes", 2014 (arXiv:1312.6114); importance-weighted bound: Burda,
Grosse & Salakhutdinov, "Importance Weighted Autoencoders", 2016 (arXiv:1509.00519).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


def bernoulli_log_likelihood(logits: Tensor, x: Tensor) -> Tensor:
    """log p(x|z) = sum_i x_i log s_i + (1 - x_i) log(1 - s_i) with s = sigmoid(logits), in nats.

    logits, x: (..., C, H, W), x in [0, 1]; returns (...), summed over the pixels. 28x28 logits of 0 give -784 ln 2.
    """
    return -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(-3).sum(-1)


def normal_log_density(z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """log N(z; mu, diag(exp(logvar))) in nats; (..., D) -> (...)."""
    return -0.5 * (math.log(2 * math.pi) + logvar + (z - mu).square() * torch.exp(-logvar)).sum(-1)


def kl_per_dimension(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(N(mu, exp(logvar)) || N(0, 1)) = (mu^2 + exp(logvar) - 1 - logvar) / 2 in nats, (..., D) (appendix B)."""
    return 0.5 * (mu.square() + logvar.exp() - 1 - logvar)


def kl_closed_form(mu: Tensor, logvar: Tensor) -> Tensor:
    """KL(q(z|x) || p(z)) exactly, for p(z) = N(0, I); (..., D) -> (...)."""
    return kl_per_dimension(mu, logvar).sum(-1)


def normal_entropy(logvar: Tensor) -> Tensor:
    """-E[log q] of q = N(mu, diag(exp(logvar))) in nats; (..., D) -> (...)."""
    return 0.5 * (1 + math.log(2 * math.pi) + logvar).sum(-1)


def kl_single_sample(z: Tensor, mu: Tensor, logvar: Tensor, log_prior: Tensor | None = None) -> Tensor:
    """log q(z|x) - log p(z) at one z drawn from q: an unbiased, noisier estimate of the KL; (..., D) -> (...) (eq. 6).

    log_prior: log p(z), (...); of p(z) = N(0, I) if it is not given.
    """
    if log_prior is None:
        origin = torch.zeros_like(mu)
        log_prior = normal_log_density(z, origin, origin)
    return normal_log_density(z, mu, logvar) - log_prior


def importance_weighted_bound(log_weights: Tensor) -> Tensor:
    """log 1/k sum_i w_i with w_i = p(x, z_i) / q(z_i|x): (k, B) -> (B,), in nats; k = 1 is the ELBO (IWAE, eq. 8)."""
    return torch.logsumexp(log_weights, 0) - math.log(log_weights.shape[0])


def categorical_information(logits: Tensor, drawn: Tensor) -> Tensor:
    """H(c) + log Q(c|x) <= I(c; x) in nats, for evenly drawn categories (InfoGAN, Chen et al. 2016, eq. 5).

    logits (B, K), drawn (B,) -> scalar; 0 for an even Q, ln K for one that is always right, never more.
    """
    return math.log(logits.shape[1]) - F.cross_entropy(logits, drawn)


def continuous_information(mu: Tensor, logvar: Tensor, drawn: Tensor) -> Tensor:
    """The same for codes uniform between -1 and 1, of entropy ln 2 each, and a normal Q; (B, C) each -> scalar, all codes together."""
    return drawn.shape[1] * math.log(2) + normal_log_density(drawn, mu, logvar).mean()


@dataclass(frozen=True)
class Objective:
    """A GAN objective on raw logits (B,): what the discriminator and what the generator minimise, each a scalar.

    discriminator: of the real and the fake images' logits. generator: of the fake images' alone, or, where
    ``ObjectiveInfo.paired``, of theirs and those of the real images that they are paired with.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[..., Tensor]


def cross_entropy_discriminator(real_logits: Tensor, fake_logits: Tensor, smoothing: float = 0.0) -> Tensor:
    """H(1 - smoothing, D(x)) + H(0, D(G(z))) with D = sigmoid(logit); without smoothing -log D(x) - log(1 - D(G(z))).

    Goodfellow et al. 2014 (arXiv:1406.2661), eq. 1; one-sided smoothing: Salimans et al. 2016 (arXiv:1606.03498), 3.4.
    """
    real = F.binary_cross_entropy_with_logits(real_logits, torch.full_like(real_logits, 1 - smoothing))
    return real + F.softplus(fake_logits).mean()


def minimax_generator(fake_logits: Tensor) -> Tensor:
    """log(1 - D(G(z))), the saturating form (Goodfellow et al. 2014, eq. 1); its gradient is -D(G(z))."""
    return -F.softplus(fake_logits).mean()


def non_saturating_generator(fake_logits: Tensor) -> Tensor:
    """-log D(G(z)) (Goodfellow et al. 2014, section 3); its gradient is D(G(z)) - 1."""
    return F.softplus(-fake_logits).mean()


def least_squares_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """(D(x) - 1)^2 / 2 + D(G(z))^2 / 2 with D the logit itself (Mao et al. 2017, arXiv:1611.04076, eq. 9)."""
    return 0.5 * ((real_logits - 1).square().mean() + fake_logits.square().mean())


def least_squares_generator(fake_logits: Tensor) -> Tensor:
    """(D(G(z)) - 1)^2 / 2 (Mao et al. 2017, eq. 9)."""
    return 0.5 * (fake_logits - 1).square().mean()


def wasserstein_critic(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """C(G(z)) - C(x) (Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1)."""
    return fake_logits.mean() - real_logits.mean()


def wasserstein_generator(fake_logits: Tensor) -> Tensor:
    """-C(G(z)) (Arjovsky et al. 2017, algorithm 1)."""
    return -fake_logits.mean()


def hinge_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """max(0, 1 - D(x)) + max(0, 1 + D(G(z))) (Lim & Ye 2017, arXiv:1705.02894; Miyato et al. 2018, eq. 16)."""
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


def relativistic_discriminator(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """-log sigmoid(D(x) - D(G(z))), x and G(z) of the same place in the batch (Jolicoeur-Martineau 2018, arXiv:1807.00734,
    section 4; Huang et al. 2024, arXiv:2501.05441, eq. 2)."""
    return F.softplus(fake_logits - real_logits).mean()


def relativistic_generator(fake_logits: Tensor, real_logits: Tensor) -> Tensor:
    """-log sigmoid(D(G(z)) - D(x)), the non-saturating form of the same game."""
    return F.softplus(real_logits - fake_logits).mean()


def squared_slopes(critic: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """||grad D(x)||^2 at each of the images (B, C, H, W), as a function of D's weights; (B,).

    critic: images to logits (B,), that of each depending on that image alone.
    """
    images = images.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(images).sum(), images, create_graph=True)
    return gradient.flatten(1).square().sum(1)


def zero_centred_penalty(critic: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """||grad D(x)||^2 / 2, the mean over images (B, C, H, W): R1 of real ones, R2 of fake ones, for a weight of 1 (Mescheder et al.
    2018, arXiv:1801.04406, eq. 9 and 10)."""
    return squared_slopes(critic, images).mean() / 2


def gradient_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """(||grad C(x^)|| - 1)^2 at x^ = epsilon x + (1 - epsilon) G(z), the mean over the batch (Gulrajani et al. 2017, eq. 3).

    real, fake: (B, C, H, W); epsilon: (B,) uniform in [0, 1]. Finite, with finite gradients, where the gradient is zero.
    """
    weight = epsilon.view(-1, 1, 1, 1)
    # The square root has an infinite slope at 0.
    length = (squared_slopes(critic, weight * real + (1 - weight) * fake) + 1e-12).sqrt()
    return (length - 1).square().mean()


def diversity(first: Tensor, second: Tensor, z_first: Tensor, z_second: Tensor) -> Tensor:
    """How much two images differ for the difference of the noise that they come from: |x - x'| / |z - z'|, both the mean of
    the absolute differences, then the mean over the batch (Yang et al. 2019, arXiv:1901.09024, eq. 2).

    first, second: (B, C, H, W), of the same condition; z_first, z_second: (B, D).
    """
    return ((first - second).abs().flatten(1).mean(1) / (z_first - z_second).abs().mean(1)).mean()


def diversity_of_pairs(images: Tensor, z: Tensor) -> Tensor:
    """``diversity`` of each two images that follow each other, which are of the same condition; an odd last one is left out.

    images: (B, C, H, W), at least two; z: (B, D).
    """
    even = len(images) // 2 * 2
    return diversity(images[:even:2], images[1:even:2], z[:even:2], z[1:even:2])


OBJECTIVE_LOSSES: dict[str, Objective] = {
    "non-saturating": Objective(cross_entropy_discriminator, non_saturating_generator),
    "minimax": Objective(cross_entropy_discriminator, minimax_generator),
    "cross-entropy": Objective(cross_entropy_discriminator, non_saturating_generator),
    "least-squares": Objective(least_squares_discriminator, least_squares_generator),
    "wasserstein-clip": Objective(wasserstein_critic, wasserstein_generator),
    "wasserstein-gp": Objective(wasserstein_critic, wasserstein_generator),
    "hinge": Objective(hinge_discriminator, wasserstein_generator),
    "relativistic": Objective(relativistic_discriminator, relativistic_generator),
}
