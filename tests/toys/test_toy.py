"""A training on the plane in the background: kept for all, one at a time, and bounded."""

from pathlib import Path

import numpy as np
import pytest

from genmodels.toys.setup import Setup
from genmodels.toys.toy import Toy
from genmodels.toys.train import train
from tests.support.helpers import wait_until

SHORT = Setup(seed=1, steps=2)


def test_a_process_trains_what_training_here_gives(monkeypatch: pytest.MonkeyPatch):
    drawing = np.zeros((8, 8), np.uint8)
    drawing[2, 2:6] = 255
    setup = Setup("drawing", 1, "transport", 2)
    toy, other = Toy(setup, drawing), Toy(SHORT)
    assert toy.look().state == "missing"
    assert toy.start("anna")
    assert toy.owner == "anna"
    assert toy.start("ben"), "it is under way"
    assert not other.start("ben"), "one at a time"
    wait_until(lambda: toy.look().state != "running")
    found = toy.look().found
    assert found is not None, toy.look().error
    here = train(setup, drawing)
    assert found.arrays["steps"].tolist() == [0, 1, 2]
    assert np.array_equal(found.arrays["target"], here.arrays["target"])
    np.testing.assert_allclose(found.arrays["flow_ways"], here.arrays["flow_ways"], atol=2)


def test_a_training_that_fails_says_why(tmp_path: Path):
    with pytest.raises(ValueError, match="Nothing is drawn"):
        Toy(Setup("drawing", steps=2), np.zeros((8, 8), np.uint8), tmp_path).compute()


def test_how_far_it_is_can_be_seen_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.toys.toy.TOLD_EVERY", 0.0)
    toy = Toy(SHORT, folder=tmp_path)
    seen: list[tuple[int, float]] = []

    def must_be_within(seconds: float) -> None:
        if partial := toy.partial_result():
            seen.append((len(partial[0]), partial[1]))

    monkeypatch.setattr(toy, "must_be_within", must_be_within)
    toy.compute()
    assert seen == [(1, 0.0), (2, 0.5)]
    assert toy.partial_result() is None
    assert toy.look().state == "done"


def test_a_training_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.toys.toy.MOST_SECONDS", 0.0)
    with pytest.raises(ValueError, match="choose another target"):
        Toy(SHORT, folder=tmp_path).compute()


def test_other_choices_and_other_drawings_have_films_of_their_own():
    first, second = np.eye(4, dtype=np.uint8), np.ones((4, 4), np.uint8)
    toys = [
        Toy(Setup()),
        Toy(Setup("rings")),
        Toy(Setup(seed=1)),
        Toy(Setup(pairs="transport")),
        Toy(Setup("drawing"), first),
        Toy(Setup("drawing"), second),
    ]
    assert len({toy.folder for toy in toys}) == len(toys)
    assert Toy(Setup("drawing"), first).folder == toys[4].folder


def test_the_oldest_films_make_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.toys.toy.MOST_TOYS", 2)
    toys = [Toy(Setup(seed=seed)) for seed in range(3)]
    for toy in toys:
        toy.folder.mkdir(parents=True)
    toys[2].make_room()
    assert [toy.folder.exists() for toy in toys].count(True) == 2
    assert toys[2].folder.exists()
