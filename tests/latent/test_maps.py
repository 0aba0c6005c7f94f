"""Maps of codes: computed once, in the background, one at a time, and ended when asked; each with t-SNE, which is the quickest."""

import subprocess
import threading
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from genmodels.latent.maps import Map
from genmodels.latent.tsne import TSNE
from genmodels.latent.umap import UMAP
from genmodels.storage.background import work
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


def workers() -> list[psutil.Process]:
    return children_running("genmodels.latent.tsne")


def is_done(tsne: Map) -> bool:
    return tsne.look().state == "done"


def test_it_is_computed_in_the_background_and_the_points_are_seen_to_move(tmp_path: Path):
    save_codes(tmp_path, 400)
    tsne = TSNE(tmp_path)
    assert tsne.look().state == "missing"
    tsne.start()
    seen: list[np.ndarray] = []

    def done() -> bool:
        look = tsne.look()
        assert look.state in ("running", "done")
        if look.state == "running" and look.found is not None and look.share < 1:
            assert look.found.shape == (400, 2)
            seen.append(look.found)
        return look.state == "done"

    wait_until(done)
    assert len(seen) > 1
    assert not np.array_equal(seen[0], seen[-1])
    first, second = tsne.look().found, TSNE(tmp_path).look().found
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second), "the second view differs"
    wait_until(lambda: workers() == [])
    tsne.start()
    assert workers() == [], "it was computed again"


@pytest.mark.exhaustive
def test_many_visitors_start_one_computation(tmp_path: Path):
    save_codes(tmp_path, 400)
    threads = [threading.Thread(target=TSNE(tmp_path).start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(workers()) == 1
    wait_until(lambda: TSNE(tmp_path).look().state == "done")


@pytest.mark.exhaustive
def test_it_can_be_cancelled_and_begun_again(tmp_path: Path):
    save_codes(tmp_path, 2000)
    tsne = TSNE(tmp_path)
    tsne.start()
    wait_until(lambda: tsne.look().found is not None)
    tsne.cancel()
    wait_until(lambda: tsne.look().state == "cancelled")
    assert TSNE(tmp_path).look().state == "cancelled", "another visitor would begin it again"
    tsne.start()
    assert tsne.look().state == "running"
    tsne.cancel()
    wait_until(lambda: workers() == [])


def test_a_computation_that_fails_says_why(tmp_path: Path):
    save_codes(tmp_path, 3)
    tsne = TSNE(tmp_path)
    tsne.start()
    wait_until(lambda: tsne.look().state == "failed")
    assert tsne.look().error == "t-SNE needs at least 4 images: choose more of them."


def test_who_looks_while_another_visitor_begins_it_again_is_told_how_it_is(tmp_path: Path):
    tsne = TSNE(tmp_path)
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
    tsne = TSNE(tmp_path)
    tsne.folder.mkdir()
    (tsne.folder / "pid").write_text("1234567")
    ended: list[int] = []
    monkeypatch.setattr("genmodels.storage.background.os.kill", lambda pid, number: ended.append(pid))

    class Begun:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.pid = 7654321
            tsne.cancel()  # as another visitor may at this moment

        def wait(self) -> None:
            pass

    monkeypatch.setattr("genmodels.storage.background.subprocess.Popen", Begun)
    tsne.start()
    assert ended == []


def test_a_killed_computation_is_begun_again(tmp_path: Path):
    save_codes(tmp_path, 2000)
    tsne = TSNE(tmp_path)
    tsne.start()
    workers()[0].kill()
    wait_until(lambda: tsne.look().state == "missing")


def test_other_settings_have_maps_of_their_own(tmp_path: Path):
    save_codes(tmp_path, 20)
    maps = [
        TSNE(tmp_path),
        TSNE(tmp_path, seed=1),
        TSNE(tmp_path, perplexity=5),
        UMAP(tmp_path),
        UMAP(tmp_path, min_dist=0),
    ]
    assert len({made.folder for made in maps}) == len(maps)
    maps[0]._write("map.npy", np.zeros((20, 2)))
    assert [made.look().state for made in maps] == ["done", *["missing"] * 4]


def test_the_process_of_a_map_is_told_its_settings(tmp_path: Path):
    command = UMAP(tmp_path, 3, 50, 0.25).command()
    assert command[2:] == [
        *("genmodels.latent.umap", str(tmp_path), "--seed", "3", "--neighbours", "50"),
        *("--distance", "0.25"),
    ]


def test_too_little_memory_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 20)

    def exhaust(self: Map, mu: np.ndarray) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(TSNE, "embed", exhaust)
    monkeypatch.setattr("genmodels.storage.background.give_way", lambda: None)
    with pytest.raises(SystemExit):
        work(TSNE(tmp_path))
    assert TSNE(tmp_path).look().error == "t-SNE needs more than 4 GB of memory: choose fewer images."


def test_codes_that_have_no_place_are_told_and_not_tried_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 20)
    monkeypatch.setattr(TSNE, "embed", lambda self, mu: np.full((len(mu), 2), np.nan))
    with pytest.raises(ValueError, match="look at the PCA map"):
        TSNE(tmp_path).compute()


def test_one_map_is_computed_at_a_time_and_is_its_owners(tmp_path: Path):
    save_codes(tmp_path / "one", 2000)
    save_codes(tmp_path / "two", 20)
    first, second = TSNE(tmp_path / "one"), TSNE(tmp_path / "two")
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
    monkeypatch.setattr(TSNE, "most", 20)
    with pytest.raises(ValueError, match="at most 20 images"):
        TSNE(tmp_path).compute()


def test_a_computation_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path)
    monkeypatch.setattr("genmodels.latent.maps.MOST_SECONDS", 0.0)
    with pytest.raises(ValueError, match="choose fewer images"):
        TSNE(tmp_path).compute()


@pytest.mark.exhaustive
def test_the_oldest_maps_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 20)
    monkeypatch.setattr("genmodels.latent.maps.MOST_MAPS", 2)
    for seed in range(3):
        tsne = TSNE(tmp_path, seed)
        wait_until(tsne.start)
        wait_until(partial(is_done, tsne))
    assert [TSNE(tmp_path, seed).look().state for seed in range(3)] == ["missing", "done", "done"]


FOREIGN = {
    "of other images": np.zeros((19, 2), np.float32),
    "in space": np.zeros((20, 3), np.float32),
    "in doubles": np.zeros((20, 2)),
    "nowhere": np.full((20, 2), np.nan, np.float32),
}


@pytest.mark.parametrize("points", FOREIGN.values(), ids=FOREIGN)
def test_a_map_that_is_not_of_the_codes_counts_as_missing(tmp_path: Path, points: np.ndarray):
    save_codes(tmp_path, 20)
    tsne = TSNE(tmp_path)
    tsne.folder.mkdir()
    np.save(tsne.folder / "map.npy", points)
    assert tsne.look().state == "missing"


def test_a_reason_in_a_zip_is_cut_and_may_be_no_text(tmp_path: Path):
    tsne = TSNE(tmp_path)
    tsne.folder.mkdir()
    (tsne.folder / "failed.txt").write_bytes(b"\xff" + b"x" * 10_000)
    assert tsne.look().error == "\ufffd" + "x" * 499


def test_a_process_that_a_zip_names_is_not_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    save_codes(tmp_path, 2000)
    tsne = TSNE(tmp_path)
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
        patched.setattr("genmodels.storage.background.subprocess.Popen", slowly)
        patched.setattr("genmodels.storage.background.os.kill", lambda pid, signal: ended.append(pid))
        tsne.start()
    assert started.is_set()
    assert ended == []
    tsne.cancel()
    wait_until(lambda: workers() == [])
