"""Maps of codes: the same for the same seed, computed once, in the background, and ended when asked."""

import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
import pytest

from genmodels.latent import codes as latent_codes
from genmodels.latent.tsne import ITERATIONS, Map, fitting_perplexity
from tests.latent.test_codes import some_codes
from tests.support.helpers import children_running, looks_meanwhile, wait_until

GROUPS = 3


def save_codes(folder: Path, n: int = 120) -> np.ndarray:
    """Three groups that are far apart; the group of each."""
    codes = some_codes(folder, n)
    group = np.arange(n) % GROUPS
    codes.mu[:, :] += 12 * np.eye(4, dtype=np.float32)[group]
    codes.save()
    return group


class Finished(NamedTuple):
    """A map that has been computed: its points, the groups of what they stand for, and the shares of the way that it told."""

    map: Map
    points: np.ndarray
    group: np.ndarray
    shares: list[float]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("codes")
    group, tsne, shares = save_codes(folder), Map(folder), list[float]()
    write = Map._write

    def record(self: Map, name: str, array: np.ndarray) -> None:
        if name == "partial.npy":
            shares.append(float(array[-1, 0]) / ITERATIONS)
        write(self, name, array)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Map, "_write", record)
        points = tsne.compute()
    return Finished(tsne, points, group, shares)


def workers() -> list[psutil.Process]:
    return children_running("genmodels.latent.tsne")


def is_done(tsne: Map) -> bool:
    return tsne.look().state == "done"


def test_few_points_lower_the_perplexity():
    assert fitting_perplexity(30, 5000) == 30
    assert fitting_perplexity(30, 20) == pytest.approx(19 / 3)
    assert fitting_perplexity(30, 2) == 1


def test_the_same_seed_gives_the_same_map_and_it_keeps_groups_together(finished: Finished, tmp_path: Path):
    group, first = finished.group, finished.points
    save_codes(tmp_path)
    assert np.array_equal(Map(tmp_path).compute(), first)
    distances = np.linalg.norm(first[:, None] - first[None], axis=-1) + 1e9 * np.eye(len(first))
    assert (group[distances.argmin(1)] == group).all()


def test_twenty_points_are_enough(tmp_path: Path):
    save_codes(tmp_path, 20)
    points = Map(tmp_path).compute()
    assert points.shape == (20, 2)
    assert np.isfinite(points).all()


def test_it_is_computed_in_the_background_and_the_points_are_seen_to_move(tmp_path: Path):
    save_codes(tmp_path, 400)
    tsne = Map(tmp_path)
    assert tsne.look().state == "missing"
    tsne.start()
    seen: list[np.ndarray] = []

    def done() -> bool:
        look = tsne.look()
        assert look.state in ("running", "done")
        if look.state == "running" and look.points is not None and look.share < 1:
            assert look.points.shape == (400, 2)
            seen.append(look.points)
        return look.state == "done"

    wait_until(done)
    assert len(seen) > 1
    assert not np.array_equal(seen[0], seen[-1])
    first, second = tsne.look().points, Map(tmp_path).look().points
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second), "the second view differs"
    wait_until(lambda: workers() == [])
    tsne.start()
    assert workers() == [], "it was computed again"


def test_many_visitors_start_one_computation(tmp_path: Path):
    save_codes(tmp_path, 400)
    threads = [threading.Thread(target=Map(tmp_path).start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workers()) == 1
    wait_until(lambda: Map(tmp_path).look().state == "done")


def test_it_can_be_cancelled_and_begun_again(tmp_path: Path):
    save_codes(tmp_path, 2000)
    tsne = Map(tmp_path)
    tsne.start()
    wait_until(lambda: tsne.look().points is not None)
    tsne.cancel()
    wait_until(lambda: tsne.look().state == "cancelled")
    assert Map(tmp_path).look().state == "cancelled", "another visitor would begin it again"
    tsne.start()
    assert tsne.look().state == "running"
    tsne.cancel()
    wait_until(lambda: workers() == [])


def test_a_computation_that_fails_says_why(tmp_path: Path):
    save_codes(tmp_path, 3)
    tsne = Map(tmp_path)
    tsne.start()
    wait_until(lambda: tsne.look().state == "failed")
    assert tsne.look().error == "t-SNE needs at least 4 images: choose more of them."


def test_who_looks_while_another_visitor_begins_it_again_is_told_how_it_is(tmp_path: Path):
    tsne = Map(tmp_path)
    tsne.folder.mkdir()
    failed = tsne.folder / "failed.txt"

    def fail_and_begin_again() -> None:
        failed.write_text("It failed.")
        failed.unlink()

    assert {look.state for look in looks_meanwhile(tsne.look, fail_and_begin_again, 3000)} <= {"failed", "missing"}


def test_cancelling_before_the_process_has_told_its_number_ends_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The number of the process before it, which by now may be another's."""
    save_codes(tmp_path)
    tsne = Map(tmp_path)
    tsne.folder.mkdir()
    (tsne.folder / "pid").write_text("1234567")
    ended: list[int] = []
    monkeypatch.setattr("genmodels.latent.tsne.os.kill", lambda pid, number: ended.append(pid))

    class Begun:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.pid = 7654321
            tsne.cancel()  # as another visitor may at this moment

        def wait(self) -> None:
            pass

    monkeypatch.setattr("genmodels.latent.tsne.subprocess.Popen", Begun)
    tsne.start()
    assert ended == []


def test_a_killed_computation_is_begun_again(tmp_path: Path):
    save_codes(tmp_path, 2000)
    tsne = Map(tmp_path)
    tsne.start()
    workers()[0].kill()
    wait_until(lambda: tsne.look().state == "missing")


def test_other_seeds_and_perplexities_have_maps_of_their_own(finished: Finished):
    codes = finished.map.codes_folder
    first, second, third = Map(codes), Map(codes, seed=1), Map(codes, perplexity=5)
    assert len({first.folder, second.folder, third.folder}) == 3
    assert first.look().state == "done"
    assert second.look().state == third.look().state == "missing"


def test_new_images_are_placed_beside_their_like_and_the_map_stays(finished: Finished):
    group, tsne, points = finished.group, finished.map, finished.points
    codes = latent_codes.load(tsne.codes_folder)
    assert codes is not None
    new = codes.mu[:9] + np.float32(0.01)
    placed = tsne.transform(new)
    nearest = np.linalg.norm(placed[:, None] - points[None], axis=-1).argmin(1)
    assert (group[nearest] == group[:9]).all()
    after = tsne.look().points
    assert after is not None
    assert np.array_equal(after, points)


def test_points_cannot_be_placed_before_there_is_a_map(tmp_path: Path):
    save_codes(tmp_path)
    with pytest.raises(FileNotFoundError, match="not finished"):
        Map(tmp_path).transform(np.zeros((1, 4)))


def test_the_progress_ends_at_one(finished: Finished):
    shares = finished.shares
    assert shares == sorted(shares)
    assert shares[0] < 0.05
    assert shares[-1] == 1


def test_one_map_is_computed_at_a_time_and_is_its_owners(tmp_path: Path):
    save_codes(tmp_path / "one", 2000)
    save_codes(tmp_path / "two", 20)
    first, second = Map(tmp_path / "one"), Map(tmp_path / "two")
    assert first.start("anna")
    assert not second.start("ben")
    assert (first.owner, second.owner) == ("anna", "")
    assert len(workers()) == 1
    assert second.look().state == "missing"
    first.cancel()
    wait_until(lambda: second.start("ben"))
    wait_until(lambda: second.look().state == "done")


def test_more_points_than_are_ever_shown_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 30)
    monkeypatch.setattr("genmodels.latent.tsne.MOST", 20)
    with pytest.raises(ValueError, match="at most 20 images"):
        Map(tmp_path).compute()


def test_a_computation_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path)
    monkeypatch.setattr("genmodels.latent.tsne.MOST_SECONDS", 0.0)
    with pytest.raises(ValueError, match="choose fewer images"):
        Map(tmp_path).compute()


def test_the_oldest_maps_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 20)
    monkeypatch.setattr("genmodels.latent.tsne.MOST_MAPS", 2)
    for seed in range(3):
        tsne = Map(tmp_path, seed)
        wait_until(tsne.start)
        wait_until(partial(is_done, tsne))
    assert [Map(tmp_path, seed).look().state for seed in range(3)] == ["missing", "done", "done"]


FOREIGN = {
    "of other images": np.zeros((19, 2), np.float32),
    "in space": np.zeros((20, 3), np.float32),
    "in doubles": np.zeros((20, 2)),
    "nowhere": np.full((20, 2), np.nan, np.float32),
}


@pytest.mark.parametrize("points", FOREIGN.values(), ids=FOREIGN)
def test_a_map_that_is_not_of_the_codes_counts_as_missing(tmp_path: Path, points: np.ndarray):
    save_codes(tmp_path, 20)
    tsne = Map(tmp_path)
    tsne.folder.mkdir()
    np.save(tsne.folder / "map.npy", points)
    assert tsne.look().state == "missing"


def test_a_reason_in_a_zip_is_cut_and_may_be_no_text(tmp_path: Path):
    tsne = Map(tmp_path)
    tsne.folder.mkdir()
    (tsne.folder / "failed.txt").write_bytes(b"\xff" + b"x" * 10_000)
    assert tsne.look().error == "\ufffd" + "x" * 499


def test_a_process_that_a_zip_names_is_not_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 2000)
    tsne = Map(tmp_path)
    tsne.folder.mkdir()
    (tsne.folder / "pid").write_text("4242")
    ended: list[int] = []
    started = threading.Event()
    launch = subprocess.Popen

    def slowly(*arguments: Any, **options: Any) -> subprocess.Popen:
        tsne.cancel()  # before the process is there
        started.set()
        return launch(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr("genmodels.latent.tsne.subprocess.Popen", slowly)
        patched.setattr("genmodels.latent.tsne.os.kill", lambda pid, signal: ended.append(pid))
        tsne.start()
    assert started.is_set()
    assert ended == []
    tsne.cancel()
    wait_until(lambda: workers() == [])
