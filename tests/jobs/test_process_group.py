"""The worker beside the processes that it has started."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

import psutil
import pytest
import torch

from genmodels.errors import TrainingError
from genmodels.jobs import process_group
from genmodels.storage.paths import PROJECT


class Dying:
    """A process that is gone, as the kernel will say at the third look."""

    looks, killed = 0, False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def poll(self) -> int | None:
        self.looks += 1
        return -9 if self.looks > 2 else None

    def wait(self, seconds: float | None = None) -> int:
        return -9

    def kill(self) -> None:
        self.killed = True


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    threads = torch.get_num_threads()
    for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.setenv(name, "")  # and so put back afterwards
    monkeypatch.setattr(subprocess, "Popen", Dying)
    monkeypatch.setattr(process_group, "PAUSE", 0.0)
    yield
    torch.set_num_threads(threads)


def test_a_lost_connection_is_told_as_the_death_that_it_comes_of(tmp_path: Path):
    with (
        pytest.raises(TrainingError, match="resume the run"),
        process_group.other_processes("run", 2, tmp_path / "worker.log"),
    ):
        raise RuntimeError("Connection closed by peer")


def test_an_error_of_its_own_stays_what_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(Dying, "poll", lambda self: None)
    with (
        pytest.raises(RuntimeError, match="size mismatch"),
        process_group.other_processes("run", 2, tmp_path / "worker.log"),
    ):
        raise RuntimeError("size mismatch")


CHILD = "import time; from genmodels.jobs.process_group import die_with_parent; die_with_parent(); print(flush=True); time.sleep(600)"
PARENT = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[1]]); time.sleep(600)"


def test_a_process_ends_with_the_one_that_started_it_even_if_that_is_killed():
    with Popen([sys.executable, "-c", PARENT, CHILD], cwd=PROJECT, stdout=PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"\n"  # the child watches
        (child,) = psutil.Process(parent.pid).children()
        assert child.is_running()
        parent.kill()
    _, alive = psutil.wait_procs([child], timeout=20)
    for process in alive:
        process.kill()
    assert not alive
