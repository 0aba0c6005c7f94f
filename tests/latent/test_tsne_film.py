"""t-SNE maps through training: one after another, each from the one before."""

from pathlib import Path

import numpy as np
import pytest

from genmodels.checkpoints import code_history
from genmodels.latent import codes as latent_codes
from genmodels.latent.tsne_film import TSNEFilm
from tests.latent.test_maps import save_codes
from tests.support.helpers import wait_until

STEPS = (0, 10, 20)


@pytest.fixture
def film(tmp_path: Path) -> TSNEFilm:
    """Of three groups that are far apart, and spread from moment to moment."""
    save_codes(tmp_path, 60)
    now = latent_codes.load(tmp_path)
    assert now is not None
    for step in STEPS:
        code_history.save(tmp_path, step, now.mu * (1 + step / 20))
    return TSNEFilm(tmp_path, tmp_path, STEPS)


def test_each_moment_begins_where_the_one_before_has_ended(film: TSNEFilm):
    shares: list[float] = []
    film.show = lambda points, share: shares.append(share)  # type: ignore[method-assign]
    points = film.compute().reshape(3, 60, 2)
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])
    group = np.arange(60) % 3
    for moment in points:
        distances = np.linalg.norm(moment[:, None] - moment[None], axis=-1) + 1e9 * np.eye(60)
        assert (group[distances.argmin(1)] == group).mean() > 0.9
    width = points[0].std()
    assert np.linalg.norm(np.diff(points, axis=0), axis=-1).mean() < width, "places are those of another map"
    again = TSNEFilm(film.codes_folder, film.history, STEPS)
    assert np.array_equal(again.look().found, points.reshape(-1, 2))  # type: ignore[arg-type]
    assert TSNEFilm(film.codes_folder, film.history, STEPS[:2]).look().state == "missing"


def test_a_moment_that_is_gone_is_told_in_one_sentence(film: TSNEFilm):
    (film.history / code_history.FOLDER / "mu-00000010.npy").unlink()
    with pytest.raises(ValueError, match="needs at least 4 images"):
        film.compute()


@pytest.mark.exhaustive
def test_it_is_computed_in_the_background(film: TSNEFilm):
    film.start()
    wait_until(lambda: film.look().state == "done")
    found = film.look().found
    assert found is not None
    assert found.shape == (180, 2)
