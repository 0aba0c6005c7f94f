"""Locks that several hosts look at; the others are pretended by what tells one machine from another."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from genmodels.storage import host_lock
from genmodels.storage.files import lock
from genmodels.storage.host_lock import beating, elsewhere, has_holder, holder, is_silent, sign
from tests.support.hosts import go_to, touched


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda where: go_to(where, monkeypatch)


def held_and_signed(path: Path) -> int:
    descriptor = lock(path)
    assert descriptor is not None
    sign(descriptor)
    return descriptor


def test_a_process_is_found_by_its_number_on_its_own_host_only(path: Path, on: Callable[[str], None]):
    on("one")
    held = held_and_signed(path)
    with subprocess.Popen(["sleep", "60"], pass_fds=[held]) as process:
        found = holder(path, process.pid)
        assert found is not None
        assert found.pid == process.pid
        for other in ("two", "one/container"):
            on(other)
            assert holder(path, process.pid) is None, "its number is another process's there"
        process.kill()
    os.close(held)


def test_an_unsigned_lock_names_nobody_to_signal(path: Path):
    held = lock(path)
    assert held is not None
    assert holder(path, os.getpid()) is None
    assert (elsewhere(path), has_holder(path)) == ("", True)
    os.close(held)
    assert not has_holder(path)


def test_on_its_own_machine_the_kernel_tells_whether_a_holder_lives(path: Path, on: Callable[[str], None]):
    on("one")
    held = held_and_signed(path)
    touched(path, 10**6)
    for here in ("one", "one/container"):
        on(here)
        assert (elsewhere(path), has_holder(path)) == ("", True)
    os.close(held)
    assert not has_holder(path)


@pytest.mark.parametrize("is_kept", [True, False])
def test_of_another_host_its_heart_tells_and_no_lock(path: Path, on: Callable[[str], None], is_kept: bool):
    """Which a network may show to nobody else, or keep though its holder is gone."""
    on("one")
    held = held_and_signed(path)
    if not is_kept:
        os.close(held)
    on("two")
    assert (elsewhere(path), has_holder(path)) == ("one", True)
    touched(path, host_lock.SILENT_SECONDS - 30)
    assert has_holder(path)
    touched(path, host_lock.SILENT_SECONDS + 30)
    assert not has_holder(path)
    if is_kept:
        os.close(held)


def test_silence_is_told_by_the_clock_of_the_disk(path: Path, monkeypatch: pytest.MonkeyPatch):
    os.close(held_and_signed(path))
    monkeypatch.setattr(time, "time", lambda: 0.0)  # a host whose clock is wrong
    assert not is_silent(path)


def test_what_is_not_there_is_silent(path: Path):
    assert is_silent(path)
    assert elsewhere(path) == ""


def test_a_heart_beats_as_long_as_its_block_lasts(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(host_lock, "BEAT_SECONDS", 0.01)
    held = held_and_signed(path)
    touched(path, 1000)
    with beating(held):
        deadline = time.monotonic() + 10
        while is_silent(path) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not is_silent(path)
    touched(path, 1000)
    time.sleep(0.1)
    assert is_silent(path)
    os.close(held)


def test_who_signs_last_is_who_counts(path: Path, on: Callable[[str], None]):
    on("a-much-longer-name-than-the-other-one")
    held = held_and_signed(path)
    on("two")
    sign(held)
    os.close(held)
    assert elsewhere(path) == ""
    on("three")
    assert elsewhere(path) == "two"
