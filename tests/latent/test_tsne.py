"""The t-SNE map of codes: the same for the same seed, and neighbours stay neighbours."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from genmodels.latent import codes as latent_codes
from genmodels.latent.maps import Map
from genmodels.latent.tsne import TSNE, fitting_perplexity
from tests.latent.test_maps import save_codes


class Finished(NamedTuple):
    """A map that has been computed: its points, the groups of what they stand for, and the shares of the way that it told."""

    map: Map
    points: np.ndarray
    group: np.ndarray
    shares: list[float]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("codes")
    group, tsne, shares = save_codes(folder), TSNE(folder), list[float]()
    write = Map._write

    def record(self: Map, name: str, array: np.ndarray) -> None:
        if name == "partial.npy":
            shares.append(float(array[-1, 0]))
        write(self, name, array)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Map, "_write", record)
        points = tsne.compute()
    return Finished(tsne, points, group, shares)


def test_few_points_lower_the_perplexity():
    assert fitting_perplexity(30, 5000) == 30
    assert fitting_perplexity(30, 20) == pytest.approx(19 / 3)
    assert fitting_perplexity(30, 2) == 1


def test_the_same_seed_gives_the_same_map_and_it_keeps_groups_together(finished: Finished, tmp_path: Path):
    group, first = finished.group, finished.points
    save_codes(tmp_path)
    assert np.array_equal(TSNE(tmp_path).compute(), first)
    distances = np.linalg.norm(first[:, None] - first[None], axis=-1) + 1e9 * np.eye(len(first))
    assert (group[distances.argmin(1)] == group).all()


def test_twenty_points_are_enough(tmp_path: Path):
    save_codes(tmp_path, 20)
    points = TSNE(tmp_path).compute()
    assert points.shape == (20, 2)
    assert np.isfinite(points).all()


def test_new_images_are_placed_beside_their_like_and_the_map_stays(finished: Finished):
    group, tsne, points = finished.group, finished.map, finished.points
    codes = latent_codes.load(tsne.codes_folder)
    assert codes is not None
    new = codes.mu[:9] + np.float32(0.01)
    placed = tsne.transform(new)
    nearest = np.linalg.norm(placed[:, None] - points[None], axis=-1).argmin(1)
    assert (group[nearest] == group[:9]).all()
    after = tsne.look().found
    assert after is not None
    assert np.array_equal(after, points)


def test_points_cannot_be_placed_before_there_is_a_map(tmp_path: Path):
    save_codes(tmp_path)
    with pytest.raises(FileNotFoundError, match="not finished"):
        TSNE(tmp_path).transform(np.zeros((1, 4)))


def test_the_progress_ends_at_one(finished: Finished):
    shares = finished.shares
    assert shares == sorted(shares)
    assert shares[0] < 0.05
    assert shares[-1] == 1
