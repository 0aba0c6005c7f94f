"""Processes that begin with torch loaded, forked from one that loads it once for all tests of a process.

To load it takes a core six seconds, and a small training less than two. From there on such a process is what a new one would be: it
has a number, signals, descriptors and an environment of its own, and dies alone.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from genmodels.cli import train
from genmodels.jobs import queue, warm_worker
from genmodels.settings import for_workers

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([*warm_worker.LOADED, __name__])


def fork(
    function: Callable[..., object],
    *arguments: Any,
    output: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> ForkServerProcess:
    """Call a function of a module in a new process, whose exit status is what that gives, as of ``sys.exit``.

    It prints into the descriptor ``output``, has the caller's ``environment`` or another one and a session of its own, and what it
    starts outlives it.
    """
    found = dict(os.environ if environment is None else environment)
    with Connection(os.dup(1 if output is None else output)) as sent:  # which carries the descriptor over
        process = FORKS.Process(target=_begin, args=(sent, found, function, arguments))
        process.start()
    return process


def _begin(
    output: Connection, environment: dict[str, str], function: Callable[..., object], arguments: tuple[Any, ...]
) -> None:
    os.setsid()
    for standard in (1, 2):
        os.dup2(output.fileno(), standard)
    output.close()
    # New ones: the old may have sought in a file where there is a pipe now.
    sys.stdout, sys.stderr = (open(standard, "w", buffering=1, closefd=False) for standard in (1, 2))  # noqa: SIM115
    os.environ.clear()
    os.environ |= environment
    code: object = 1
    try:
        code = function(*arguments)
    except SystemExit as left:
        code = left.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with suppress(OSError):  # nobody may read it any more
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(
            code if isinstance(code, int) else int(code is not None)
        )  # multiprocessing would wait for what it has started


def run_train(output: int, *words: str) -> ForkServerProcess:
    """``python train.py`` with these words, which prints into a descriptor."""
    return fork(train.main, [*words], output=output)


class Forked(warm_worker.Spare):
    """In the place of ``queue.SPARE``: every run gets a process that has loaded torch."""

    def take(self, run_id: str, home: Path, lock: int, log: int) -> bool:
        asked = {"run": run_id, "home": str(home), "folder": os.getcwd()}
        with Connection(os.dup(lock)) as sent:
            fork(_work, asked, sent, output=log, environment=for_workers())
        return True


def _work(asked: dict[str, str], lock: Connection) -> None:
    warm_worker.go_on(asked, os.dup(lock.fileno()), os.dup(1))


def start_forked(*arguments: Any) -> None:
    """``queue.start``, where this process is such a one itself."""
    queue.SPARE = Forked()
    queue.start(*arguments)
