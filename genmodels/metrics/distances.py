"""How far apart two sets of images are, each given as features (N, D) of one network. Free of any family."""

import warnings

import torch
from torch import Tensor, nn

from genmodels.data.pixels import to_unit
from genmodels.language import N_
from genmodels.storage.progress import following

SUBSETS, SUBSET = 100, 1000  # of the kernel distance: the mean over so many random parts of so many images
NEIGHBOURS = 3  # k of precision and recall, as in the paper
ROWS = 1000  # of a matrix of distances that are in memory at a time


def frechet(real: Tensor, fake: Tensor) -> float:
    """FID: the Fréchet distance of the normal distributions fitted to both (Heusel et al. 2017, arXiv:1706.08500, eq. 6).

    0 for equal sets. Few images bias it upwards, so only values of equally many can be compared. Not by torchmetrics' class:
    training asks for it, and would wait for that to load; and curves recorded so far would not repeat to the last bit. Raises
    ``ValueError`` for less than two images, which have no covariance.
    """
    _require_two(real, fake)
    (mean, covariance), (other_mean, other) = (_normal(features.cpu().double()) for features in (real, fake))
    # The trace of the root of a product of covariances: its eigenvalues are not negative but for rounding.
    roots = torch.linalg.eigvals(covariance @ other).real.clamp(min=0).sqrt()
    return ((mean - other_mean).square().sum() + covariance.trace() + other.trace() - 2 * roots.sum()).item()


def _require_two(*sets: Tensor) -> None:
    if (fewest := min(map(len, sets))) < 2:
        raise ValueError(f"A distance of two sets needs at least two images of each, not {fewest}: give more.")


def _normal(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (D,) and covariance (D, D) of features (N, D)."""
    return features.mean(0), torch.cov(features.T).reshape(features.shape[1], -1)


def kernel(real: Tensor, fake: Tensor, seed: int) -> float:
    """KID: the squared maximum mean discrepancy with a cubic kernel (Bińkowski et al. 2018, arXiv:1801.01401).

    The mean over 100 random parts of 1,000 images, drawn from ``seed``. Unbiased: about 0, or a little below, for two
    sets of the same origin. Raises ``ValueError`` for less than two images, of which that has no estimate.
    """
    _require_two(real, fake)
    from torchmetrics.image.kid import KernelInceptionDistance  # not at the top: it takes longer to load than torch

    size = min(SUBSET, len(real), len(fake))
    subsets = 1 if size == len(real) == len(fake) else SUBSETS  # all would be the same
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.filterwarnings("ignore", message="Metric `Kernel Inception Distance` will save")
        torch.manual_seed(seed)
        metric = KernelInceptionDistance(feature=nn.Identity(), subsets=subsets, subset_size=size)
        metric.update(real.cpu(), real=True)
        metric.update(fake.cpu(), real=False)
        return metric.compute()[0].item()


def energy(points: Tensor, others: Tensor) -> float:
    """The energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of what points (N, D) and (M, D) are drawn from, without bias: about
    0, or a little below, for two sets of the same origin (Székely & Rizzo 2013, 10.1016/j.jspi.2013.03.018, eq. 2.1). Raises
    ``ValueError`` for less than two points, which have no distance from each other.
    """
    _require_two(points, others)
    within = [torch.cdist(each, each).sum() / (len(each) * (len(each) - 1)) for each in (points, others)]
    return (2 * torch.cdist(points, others).mean() - sum(within)).item()


def precision_recall(real: Tensor, fake: Tensor) -> tuple[float, float]:
    """How many fake images look real, and how much of the real ones is covered (Kynkäänniemi et al. 2019, arXiv:1904.06991).

    An image counts when it lies within the distance of one of the other set to its third neighbour there. torch-fidelity
    gives the same, but takes several times as long for 10,000 images.
    """
    return _within(fake, real), _within(real, fake)


def _within(points: Tensor, others: Tensor) -> float:
    """The share of ``points`` in the ball around at least one of ``others`` that reaches to its third neighbour."""
    k = min(NEIGHBOURS, len(others) - 1)
    # An image is the first neighbour of itself.
    radii = torch.cat(
        [torch.cdist(part, others).topk(k + 1, largest=False).values[:, -1] for part in others.split(ROWS)]
    )
    found = torch.cat([(torch.cdist(part, others) <= radii).any(1) for part in points.split(ROWS)])
    return found.cpu().double().mean().item()


def nearest(images: Tensor, among: Tensor) -> tuple[Tensor, Tensor]:
    """The most similar of ``among`` for each image, pixel by pixel: root mean square differences (N,) and indices (N,).

    Both uint8 (…, C, H, W); differences on a scale from 0 to 1.
    """
    flat = to_unit(images).flatten(1)
    parts = following(among.split(10 * ROWS), len(among), N_("looking for the nearest images"))
    found = [torch.cdist(flat, to_unit(part).flatten(1)).min(1) for part in parts]
    distances = torch.stack([part.values for part in found])
    best = distances.argmin(0)
    offsets = torch.stack([part.indices + 10 * ROWS * i for i, part in enumerate(found)])
    index = torch.arange(len(images), device=images.device)
    return distances[best, index] / flat.shape[1] ** 0.5, offsets[best, index]
