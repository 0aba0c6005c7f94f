"""Locks and listings, looked at by several at once."""

import errno
import os
from pathlib import Path

import pytest

from genmodels.errors import UserError
from genmodels.storage.files import files_below, is_held, lock, waiting_lock, write_text
from tests.support.helpers import come_and_go, looks_meanwhile


def test_those_who_look_whether_a_lock_is_held_do_not_take_each_other_for_its_holder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The second looks before the first has let go."""
    path, close = tmp_path / "lock", os.close
    seen: list[object] = []

    def look_then_close(descriptor: int) -> None:
        if not seen:
            seen.append("about to look")
            seen.append(is_held(path))
        close(descriptor)

    monkeypatch.setattr(os, "close", look_then_close)
    assert not is_held(path)
    assert seen == ["about to look", False]


def test_a_lock_is_held_until_it_is_let_go(tmp_path: Path):
    path = tmp_path / "lock"
    held = lock(path)
    assert held is not None
    assert is_held(path)
    assert lock(path) is None
    os.close(held)
    assert not is_held(path)


def test_a_disk_without_locks_is_told_in_one_sentence_and_not_taken_for_a_lock_that_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("genmodels.storage.files.fcntl.flock", fail)
    for ask in (lock, is_held, lambda path: waiting_lock(path).__enter__()):
        with pytest.raises(UserError, match=r"cannot lock files \(No locks available\): mount it with locks, or"):
            ask(tmp_path / "lock")


def test_files_are_listed_with_their_sizes_whatever_goes_meanwhile(tmp_path: Path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "three").write_bytes(b"abc")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    kept = tmp_path / "inner" / "three"
    listings = looks_meanwhile(lambda: dict(files_below(tmp_path)), lambda: come_and_go(tmp_path))
    assert all(found[kept].st_size == 3 for found in listings)
    assert [path for path, _ in files_below(tmp_path)] == [kept]


def test_a_file_may_be_read_by_whom_the_umask_lets(tmp_path: Path):
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "script", "")
        write_text(tmp_path / "secret", "", mode=0o600)
    finally:
        os.umask(before)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("script", "secret")] == [0o640, 0o600]
