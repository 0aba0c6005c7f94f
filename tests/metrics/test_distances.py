"""Distances between sets of images: right where the answer is known."""

import pytest
import torch
from torch_fidelity.metric_prc import prc_features_to_metric
from torchmetrics.image.fid import FrechetInceptionDistance

from genmodels.metrics import distances


def normal(n: int, size: int, seed: int, scale: float = 1.0, shift: float = 0.0) -> torch.Tensor:
    return scale * torch.randn(n, size, generator=torch.Generator().manual_seed(seed)) + shift


def test_a_set_is_at_no_distance_from_itself():
    features = normal(800, 16, 0)
    assert distances.frechet(features, features) == pytest.approx(0, abs=1e-6)
    # Unbiased over disjoint parts, so a set against itself comes out a little below 0.
    assert distances.kernel(features, features, seed=0) == pytest.approx(0, abs=0.05)
    assert distances.precision_recall(features, features) == (1.0, 1.0)
    images = (torch.rand(30, 1, 8, 8) * 255).to(torch.uint8)
    differences, found = distances.nearest(images, images)
    assert differences.max() == pytest.approx(0, abs=1e-3)
    assert found.tolist() == list(range(30))


@pytest.mark.parametrize("sizes", [(1, 5), (5, 1), (0, 5)])
def test_less_than_two_images_are_refused(sizes: tuple[int, int]):
    real, fake = (normal(n, 4, 0) for n in sizes)
    with pytest.raises(ValueError, match="at least two images of each"):
        distances.frechet(real, fake)
    with pytest.raises(ValueError, match="at least two images of each"):
        distances.kernel(real, fake, seed=0)


def test_the_frechet_distance_of_two_normal_distributions_is_the_closed_form():
    """|m1 - m2|^2 + Tr(C1 + C2 - 2 (C1 C2)^(1/2)), here 16 (0.5^2 + (2 - 1)^2)."""
    far = distances.frechet(normal(200_000, 16, 1), normal(200_000, 16, 2, scale=2.0, shift=0.5))
    assert far == pytest.approx(16 * (0.25 + 1), rel=0.02)


def test_the_frechet_distance_is_that_of_torchmetrics():
    real, fake = normal(300, 12, 0), normal(200, 12, 1, scale=1.5, shift=0.2)
    metric = FrechetInceptionDistance(torch.nn.Identity(), input_img_size=(1, 1, 12))
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    assert distances.frechet(real, fake) == pytest.approx(metric.compute().item(), rel=1e-9)


@pytest.mark.parametrize(("reals", "fakes"), [(1500, 1200), (4, 40)])  # more and fewer than are compared at a time
def test_precision_and_recall_are_those_of_torch_fidelity(reals: int, fakes: int):
    real, fake = normal(reals, 6, 0), normal(fakes, 6, 1, scale=0.9, shift=0.3)
    known = prc_features_to_metric(fake, real, prc_neighborhood=3, verbose=False)
    assert distances.precision_recall(real, fake) == pytest.approx((known["precision"], known["recall"]), abs=1e-6)


def test_two_halves_of_one_set_are_near_and_another_set_is_far():
    half, other, far = (normal(800, 16, seed, shift=shift) for seed, shift in ((1, 0), (2, 0), (3, 1)))
    assert distances.frechet(half, other) < 0.05 * distances.frechet(half, far)
    assert abs(distances.kernel(half, other, seed=0)) < 0.05 * distances.kernel(half, far, seed=0)


def test_precision_is_of_the_fakes_and_recall_of_the_real_ones():
    """Fakes of one of two real kinds: all look real, but half of what is real is missing; and the other way round."""
    both = torch.cat([normal(500, 2, 0), normal(500, 2, 1, shift=20.0)])
    precision, recall = distances.precision_recall(both, normal(500, 2, 2))
    assert precision > 0.9
    assert recall == pytest.approx(0.5, abs=0.05)
    precision, recall = distances.precision_recall(normal(500, 2, 2), both)
    assert precision == pytest.approx(0.5, abs=0.05)
    assert recall > 0.9


def test_the_kernel_distance_repeats_and_leaves_other_random_numbers_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(distances, "SUBSET", 200)
    a, b = normal(300, 8, 0), normal(300, 8, 1, shift=0.3)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = distances.kernel(a, b, seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    assert distances.kernel(a, b, seed=3) == first
    assert distances.kernel(a, b, seed=4) != first


def test_the_nearest_is_found_in_whichever_part_of_a_large_set_it_lies():
    among = (torch.rand(25_000, 1, 4, 4, generator=torch.Generator().manual_seed(0)) * 255).to(torch.uint8)
    differences, found = distances.nearest(among[[3, 10_000, 24_999]], among)
    assert found.tolist() == [3, 10_000, 24_999]
    assert differences.max() < 1e-3
    differences, _ = distances.nearest(
        torch.zeros(1, 1, 4, 4, dtype=torch.uint8), torch.full((1, 1, 4, 4), 255, dtype=torch.uint8)
    )
    assert differences.item() == pytest.approx(1.0), "black and white are as far apart as can be"


def test_the_energy_distance_of_two_normal_distributions_is_the_closed_form():
    """On a line, of N(0, 1) and N(m, 1): 2 E|N(m, 2)| - 2 E|N(0, 2)|."""
    here, there = normal(3000, 1, 0), normal(3000, 1, 1, shift=3.0)
    apart = torch.distributions.Normal(0.0, 2**0.5)
    numbers = torch.linspace(-20, 20, 20_001)
    density = apart.log_prob(numbers).exp()
    closed = torch.trapezoid(2 * ((numbers + 3).abs() - numbers.abs()) * density, numbers).item()
    assert distances.energy(here, there) == pytest.approx(closed, rel=0.03)
    assert distances.energy(here, normal(3000, 1, 2)) == pytest.approx(0, abs=0.01)
    with pytest.raises(ValueError, match="at least two"):
        distances.energy(here, there[:1])
