"""Losses as small pure functions, each with its equation and its source. All take logits; none averages over the batch.

VAE terms: Kingma & Welling, "Auto-Encoding Variational Bayes", 2014 (arXiv:1312.6114); importance-weighted bound: Burda,
Grosse & Salakhutdinov, "Importance Weighted Autoencoders", 2016 (arXiv:1509.00519).
"""

import math

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


def kl_single_sample(z: Tensor, mu: Tensor, logvar: Tensor) -> Tensor:
    """log q(z|x) - log p(z) at one z drawn from q: an unbiased, noisier estimate of the KL; (..., D) -> (...) (eq. 6)."""
    origin = torch.zeros_like(mu)
    return normal_log_density(z, mu, logvar) - normal_log_density(z, origin, origin)


def importance_weighted_bound(log_weights: Tensor) -> Tensor:
    """log 1/k sum_i w_i with w_i = p(x, z_i) / q(z_i|x): (k, B) -> (B,), in nats; k = 1 is the ELBO (IWAE, eq. 8)."""
    return torch.logsumexp(log_weights, 0) - math.log(log_weights.shape[0])
