"""The UMAP map of codes: the same for the same seed, neighbours stay neighbours, and new codes come beside their like."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from genmodels.latent import codes as latent_codes
from genmodels.latent.umap import UMAP, fitting_neighbours
from tests.latent.test_maps import save_codes


def nearest(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The index of the nearest of ``others`` to each point."""
    return np.linalg.norm(points[:, None] - others[None], axis=-1).argmin(1)


def test_few_points_lower_the_neighbours():
    assert fitting_neighbours(15, 5000) == 15
    assert fitting_neighbours(15, 10) == 9
    assert fitting_neighbours(15, 2) == 2


@pytest.fixture
def without_the_search_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What umap-learn imports for more points than these is left in Python; numba would compile it for half a minute."""
    with monkeypatch.context() as patched:
        patched.setattr("numba.config.DISABLE_JIT", 1)
        importlib.import_module("pynndescent")


@pytest.mark.slow
@pytest.mark.usefixtures("without_the_search_among_many")
@pytest.mark.exhaustive
def test_a_map_is_the_same_again_tells_its_way_and_takes_new_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """All in one: to compile takes each process seconds."""
    group, made, shares = save_codes(tmp_path, 60), UMAP(tmp_path, neighbours=10), list[float]()
    show = UMAP.show

    def record(self: UMAP, points: np.ndarray, share: float) -> None:
        assert points.shape == (60, 2)
        shares.append(share)
        show(self, points, share)

    monkeypatch.setattr(UMAP, "show", record)
    points = made.compute()
    assert np.array_equal(made.compute(), points), "the same seed gave another map"
    distances = np.linalg.norm(points[:, None] - points[None], axis=-1) + 1e9 * np.eye(len(points))
    assert (group[distances.argmin(1)] == group).all()
    assert (shares[0], shares[-1]) == (0, 1)

    codes = latent_codes.load(tmp_path)
    assert codes is not None
    placed = made.place_codes(codes.mu[:9] + np.float32(0.01))
    assert (group[nearest(placed, points)] == group[:9]).all()
    after = made.look().found
    assert after is not None
    assert np.array_equal(after, points)


def test_codes_cannot_be_placed_before_there_is_a_map(tmp_path: Path):
    save_codes(tmp_path, 20)
    with pytest.raises(FileNotFoundError, match="not finished"):
        UMAP(tmp_path).transform(np.zeros((1, 4), np.float32))
