"""Scores of a VAE on held-out images."""

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_unit
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.latent import neighbourhoods
from genmodels.latent.clusters import AGREEMENTS, kmeans_scores
from genmodels.latent.neighbourhoods import umap_scores
from genmodels.metrics.scores import LEAST, Request, too_few
from genmodels.models.base import INFERENCE_BATCH, Batch
from genmodels.models.losses import importance_weighted_bound
from genmodels.models.vae import VAE
from genmodels.storage.progress import following

DECODED = 1000  # images decoded at a time for the importance-weighted bound; more no longer fit the CPU's cache
KMEANS = tuple(f"kmeans_{name}_{part}" for name in AGREEMENTS for part in ("mean", "std"))


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """On the test images of its own data set.

    Pixels are drawn as 0 or 1 with their grey value as probability, anew for each score, from the seed; nats per image.
    ``neg_elbo``: with the closed-form KL and one z an image. ``iw_nll``: the importance-weighted bound on -log p(x) with
    ``iw_k`` draws (Burda et al. 2016, eq. 8). Both have beside them, with ``_noise``, what ``independent_pixels`` reach. ``kmeans_*``: KMeans, k = 10, on the means of q(z|x) for the grey
    images, over 10 seeds; ``umap_*``: KMeans on their neighbourhoods, see ``neighbourhoods.umap_scores``. None
    without labels, or for too few images, which ``reasons`` tells.
    """
    vae, seed, iw_k = cast(VAE, trained.family), request.seed, request.iw_k
    test = load.load_for(trained.config, "test").to(vae.device)
    n = min(request.samples or len(test), len(test))
    batches = [test.batch(indices) for indices in torch.arange(n).split(INFERENCE_BATCH)]
    elbo = vae.evaluate((Batch(*batch, epoch=0.0) for batch in batches), Noise(seed, vae.device))
    means = torch.cat([vae.encode(images)[0] for images, _ in batches]).cpu().numpy()
    clusters: dict[str, float | None] = {}
    reasons: dict[str, str] = {}
    for names, least, measure in (
        (KMEANS, LEAST, kmeans_scores),
        (neighbourhoods.SCORES, neighbourhoods.LEAST, umap_scores),
    ):
        if test.labels is not None and n >= least:
            clusters |= measure(means, test.labels[:n].cpu().numpy())
        else:
            clusters |= dict.fromkeys(names)
            reasons |= dict.fromkeys(
                names, N_("the images have no labels") if test.labels is None else too_few(n, least)
            )
    return {
        "test_images": n,
        "neg_elbo": elbo["neg_elbo"],
        "recon": elbo["recon"],
        "kl": elbo["kl"],
        "active_units": elbo["active_units"],
        "iw_nll": importance_weighted_nll(vae, (images for images, _ in batches), n, iw_k, Noise(seed, vae.device)),
        "iw_k": iw_k,
        **dict.fromkeys(("neg_elbo_noise", "iw_nll_noise"), independent_pixels(trained, test, n)),
        "reasons": reasons,
    } | clusters


def independent_pixels(trained: Trained, test: Dataset, n: int) -> float:
    """-log p(x), nats an image, of the first ``n`` test images where each pixel is drawn on its own, as often white as in the training
    images: what anything that is learnt of how pixels hang together has to surpass."""
    train = load.load_for(trained.config, "train")
    share = (_white(train.images) + 1) / (len(train) + 2)  # Laplace's rule: no pixel is certain
    x = _white(test.images[:n]) / n
    return -(x * share.log() + (1 - x) * (1 - share).log()).sum().item()


def _white(images: Tensor) -> Tensor:
    """How many images are expected to be white at each pixel: uint8 (N, C, H, W) -> float64 (C, H, W), on the CPU."""
    return images.sum(0, dtype=torch.float64).cpu() / 255


def importance_weighted_nll(vae: VAE, batches: Iterator[Tensor], n: int, k: int, noise: Noise) -> float:
    """Minus the importance-weighted bound in nats per image, over ``n`` uint8 images in batches (B, C, H, W)."""
    total = 0.0
    at_once = max(1, DECODED // k)  # images whose k draws are decoded together
    drawn = (x for images in batches for x in noise.bernoulli(to_unit(images)).split(at_once))
    for x in following(drawn, n, N_("importance-weighted bound, k = {k:,}", k=k)):
        parts = [
            vae.log_weights(x, noise.normal(draws, len(x), vae.config.latent_dim))
            for draws in np.diff([*range(0, k, DECODED), k])
        ]
        total -= importance_weighted_bound(torch.cat(parts)).cpu().double().sum().item()
    return total / n
