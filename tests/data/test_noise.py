"""Random numbers that are the same however many processes share a batch."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from genmodels.data.noise import Noise

BATCH = 24
PROBABILITIES = torch.linspace(0, 1, BATCH * 6).view(BATCH, 2, 3)


@pytest.mark.parametrize("processes", [2, 3, 8])
@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda noise, rows: noise.normal(len(rows), 5), id="normal"),
        pytest.param(lambda noise, rows: noise.normal(len(rows)), id="normal numbers without a shape"),
        pytest.param(lambda noise, rows: noise.uniform(len(rows), 2, 2), id="uniform"),
        pytest.param(lambda noise, rows: noise.bernoulli(PROBABILITIES[rows]), id="bernoulli"),
    ],
)
def test_n_processes_draw_exactly_what_one_draws(processes: int, draw: Callable[[Noise, range], Tensor]):
    """Several draws in a row, as in training."""
    own = BATCH // processes
    one = Noise(7)
    ranks = [Noise(7, rank=rank, processes=processes) for rank in range(processes)]
    for _ in range(3):
        whole = draw(one, range(BATCH))
        parts = [draw(noise, range(rank * own, (rank + 1) * own)) for rank, noise in enumerate(ranks)]
        assert torch.equal(torch.cat(parts), whole)


def test_the_draws_depend_on_the_seed_and_on_nothing_else():
    first, again, other = Noise(1), Noise(1), Noise(2)
    torch.manual_seed(99)
    before = torch.get_rng_state()
    drawn = first.normal(4, 3)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(10)
    assert torch.equal(again.normal(4, 3), drawn)
    assert not torch.equal(other.normal(4, 3), drawn)


def test_a_state_that_was_put_back_goes_on_with_the_same_numbers():
    noise, resumed = Noise(3), Noise(0)
    noise.normal(5, 2)
    assert resumed.resume(noise.generator.get_state(), 7)
    assert torch.equal(resumed.uniform(5, 2), noise.uniform(5, 2))


# Of generators on CUDA and on mps, whose states are shorter than that of one on the CPU.
ELSEWHERE = [torch.arange(length, dtype=torch.uint8) for length in (16, 44)]


@pytest.mark.parametrize("state", ELSEWHERE, ids=len)
def test_the_state_of_another_kind_of_device_gives_other_numbers_the_same_ones_each_time(state: Tensor):
    first, again, later, other = Noise(3), Noise(3), Noise(3), Noise(4)
    assert not first.resume(state, 7)
    assert not again.resume(state.flip(0), 7)
    assert not later.resume(state, 8)
    assert not other.resume(state, 7)
    drawn = first.normal(5, 2)
    assert torch.equal(again.normal(5, 2), drawn), "they depend on the seed and the step alone"
    assert not torch.equal(later.normal(5, 2), drawn)
    assert not torch.equal(other.normal(5, 2), drawn)
    assert not torch.equal(Noise(3).normal(5, 2), drawn), "the numbers of the beginning come again"


def test_a_state_of_the_right_length_that_is_none_is_refused():
    state = Noise(3).generator.get_state()
    with pytest.raises(RuntimeError):
        Noise(3).resume(torch.full_like(state, 255), 7)


def test_normal_and_uniform_have_their_moments():
    noise = Noise(0)
    normal, uniform = noise.normal(100_000), noise.uniform(100_000)
    assert normal.mean().item() == pytest.approx(0, abs=0.02)
    assert normal.std().item() == pytest.approx(1, abs=0.02)
    assert uniform.mean().item() == pytest.approx(0.5, abs=0.01)
    assert uniform.min() >= 0
    assert uniform.max() < 1


def test_bernoulli_is_0_or_1_with_the_given_probability():
    noise = Noise(0)
    assert (noise.bernoulli(torch.zeros(10_000)) == 0).all()
    assert (noise.bernoulli(torch.ones(10_000)) == 1).all()
    drawn = noise.bernoulli(torch.full((100, 100, 10), 0.3))
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert drawn.mean().item() == pytest.approx(0.3, abs=0.01)
