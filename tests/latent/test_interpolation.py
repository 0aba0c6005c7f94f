"""Ways through a space of codes, and films."""

import io

import numpy as np
import pytest
from PIL import Image

from genmodels.latent.interpolation import gif, linear, spherical

A, B = np.random.default_rng(0).normal(size=(2, 50))


@pytest.mark.parametrize("walk", [linear, spherical])
def test_a_walk_begins_and_ends_where_it_should(walk):
    way = walk(A, B, 9)
    assert way.shape == (9, 50)
    assert way[0] == pytest.approx(A)
    assert way[-1] == pytest.approx(B)


def test_a_straight_line_has_even_steps():
    steps = np.diff(linear(A, B, 5), axis=0)
    assert np.allclose(steps, (B - A) / 4)


def test_an_arc_keeps_its_distance_and_turns_evenly():
    way = spherical(3 * A / np.linalg.norm(A), 3 * B / np.linalg.norm(B), 7)
    assert np.linalg.norm(way, axis=1) == pytest.approx(np.full(7, 3))
    cosines = (way[:-1] * way[1:]).sum(1) / 9
    assert cosines == pytest.approx(np.full(6, cosines[0]))
    assert np.linalg.norm(linear(A, B, 7)[3]) < np.linalg.norm(spherical(A, B, 7)[3]), "the line crosses the inside"


@pytest.mark.parametrize(("start", "end"), [(A, A), (A, 2 * A), (A, -A), (np.zeros(50), A)])
def test_where_there_is_no_arc_the_way_is_straight(start: np.ndarray, end: np.ndarray):
    way = spherical(start, end, 5)
    assert np.isfinite(way).all()
    assert np.allclose(way, linear(start, end, 5))


def test_a_film_shows_its_frames_in_order_and_rests_at_the_end():
    frames = [Image.new("L", (8, 8), level) for level in (0, 100, 200)]
    with Image.open(io.BytesIO(gif(frames, 0.9))) as film:
        assert film.n_frames == 3  # type: ignore[attr-defined]
        shown, durations = [], []
        for index in range(3):
            film.seek(index)
            shown.append(film.convert("L").getpixel((0, 0)))
            durations.append(film.info["duration"])
    assert shown == [0, 100, 200]
    assert durations == [300, 300, 1500]
