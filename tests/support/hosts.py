"""Other machines, pretended by what tells one from another."""

import os
import time
from pathlib import Path

import pytest

from genmodels import machine
from genmodels.storage.host_lock import SILENT_SECONDS


def go_to(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on another machine, or in a container on it ("machine/container"), from here on."""
    host, _, container = where.partition("/")
    monkeypatch.setattr(machine, "node", lambda: container or host)
    monkeypatch.setattr(machine, "kernel", lambda: f"kernel-of-{host}")
    monkeypatch.setattr(machine, "process_numbers", lambda: container or "all")


def touched(path: Path, seconds_ago: float) -> None:
    """Have a lock's holder been heard of at that time for the last time."""
    os.utime(path, (time.time() - seconds_ago,) * 2)


def silenced(path: Path) -> None:
    """Have a lock's holder not been heard of for longer than is waited for."""
    touched(path, SILENT_SECONDS + 10)
