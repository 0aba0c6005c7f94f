"""The training on the plane: it learns, it is the same again, and what is recorded of it is what happened."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from genmodels.toys import film as films
from genmodels.toys.film import Film
from genmodels.toys.setup import MOMENTS, Pairs, Setup, moments
from genmodels.toys.train import train

LEARNT = 300  # steps


@pytest.fixture(autouse=True)
def few_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genmodels.toys.setup.MOMENTS", 3)


@pytest.fixture(scope="module")
def film() -> Film:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("genmodels.toys.setup.MOMENTS", 3)
        return train(Setup(steps=LEARNT))


@pytest.mark.parametrize("name", ["flow", "diffusion"])
def test_two_moons_are_learned(film: Film, name: str):
    energy, noise = film.number(f"{name}_energy"), film.number("noise_energy")
    assert (noise == noise[0]).all()
    assert energy[-1] < 0.5 * noise[0]


def test_a_gan_finds_the_target(film: Film):
    energy = film.number("gan_energy")
    assert energy[-1] < 0.5 * energy[0]


def test_losses_fall(film: Film):
    for name in ("flow_loss", "diffusion_loss"):
        assert film.number(name)[-1] < 0.95 * film.number(name)[0]


def test_what_is_shown_is_what_was_measured(film: Film):
    """Path lengths of the particles that are shown come near those of all."""
    for name in ("flow", "diffusion"):
        ways = film.arrays[f"{name}_ways"][-1] / films.UNITS
        lengths = np.linalg.norm(np.diff(ways, axis=0), axis=-1).sum()
        shown = lengths / np.linalg.norm(ways[-1] - ways[0], axis=-1).sum()
        assert shown == pytest.approx(film.number(f"{name}_detour")[-1], rel=0.1)
    assert film.arrays["steps"].tolist() == [0, LEARNT // 4, LEARNT]


def test_a_seed_gives_the_same_film_and_another_one_another():
    first, again, other = (train(Setup(seed=seed, steps=6)) for seed in (3, 3, 4))
    for name in films.FORMS:
        assert np.array_equal(first.arrays[name], again.arrays[name]), name
    assert not np.array_equal(first.arrays["flow_ways"], other.arrays["flow_ways"])
    assert not np.array_equal(first.arrays["target"], other.arrays["target"])


def test_pairs_by_optimal_transport_straighten_the_flow_and_change_nothing_else():
    steps = LEARNT // 4
    random, paired = (train(Setup(pairs=pairs, steps=steps)) for pairs in get_args(Pairs))
    assert paired.number("flow_detour")[-1] - 1 < 0.5 * (random.number("flow_detour")[-1] - 1)
    for name in ("diffusion_ways", "gan_points", "target"):
        assert np.array_equal(paired.arrays[name], random.arrays[name]), name


def test_moments_are_close_to_each_other_at_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.toys.setup.MOMENTS", MOMENTS)
    steps = moments(2000)
    assert steps[:3] == [0, 1, 2]
    assert steps[-1] == 2000
    assert len(steps) == MOMENTS
    assert (np.diff(steps, 2) >= -1).all()


def test_what_is_recorded_is_told_on_the_way():
    told: list[tuple[int, float]] = []
    train(Setup(steps=4), tell=lambda film, share: told.append((len(film), share)))
    assert told == [(1, 0.0), (2, 0.25), (3, 1.0)]


def test_a_training_that_comes_to_no_numbers_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.toys.train.detour", lambda ways: float("nan"))
    with pytest.raises(ValueError, match="choose another seed"):
        train(Setup(steps=1))


def test_a_film_is_kept_and_nothing_else_is_taken_for_one(film: Film, tmp_path: Path):
    film.save(tmp_path / "film.npz")
    kept = films.load(tmp_path / "film.npz")
    assert kept is not None
    assert all(np.array_equal(kept.arrays[name], film.arrays[name]) for name in films.FORMS)
    assert films.load(tmp_path / "none.npz") is None
    Film({**film.arrays, "steps": film.arrays["steps"][:-1]}).save(tmp_path / "short.npz")
    assert films.load(tmp_path / "short.npz") is None


def test_places_out_of_bounds_are_put_onto_them():
    assert films.whole(np.array([0.5, -100.0, 100.0, np.nan])).tolist() == [2048, -32768, 32767, 0]
