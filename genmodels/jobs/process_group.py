"""Several processes that train one run together: the worker is the first, and starts the others beside it.

They find each other as the processes of ``torchrun`` do, by environment variables. The others hold no lock and write nothing;
they end with the worker, however that ends.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.storage.launcher import of_launcher
from genmodels.storage.paths import PROJECT

PATIENCE = 10.0  # seconds that the others have to leave by themselves
LOOKS, PAUSE = 20, 0.1  # whether one is gone, and seconds between them, after a connection was lost
WATCH_SECONDS = 1.0  # between two looks whether the process that started this one is still there


def as_launched(config: dict[str, Any]) -> dict[str, Any]:
    """``config`` with the processes that a launcher such as torchrun has started on this machine, if one has.

    Those that it starts beside this one take the cards from the first on, whichever the config names.
    """
    if not (local := of_launcher("LOCAL_WORLD_SIZE")):
        return config
    is_on_cards = config["device"].startswith("cuda")
    return config | {"processes": local} | ({"device": "cuda"} if is_on_cards and local > 1 else {})


@contextmanager
def other_processes(run_id: str, processes: int, log: Path) -> Iterator[Callable[[], bool]]:
    """Start the others of so many processes, and make this one the first of them all; they share the CPU's cores.

    Gives a function that raises ``TrainingError`` when one of them is gone. Nothing happens for one process alone. What the
    others print goes into the run's ``log``.
    """
    if processes == 1:
        yield lambda: False
        return
    import torch
    from torch.distributed.elastic.utils.distributed import get_free_port

    threads = max(1, torch.get_num_threads() // processes)
    torch.set_num_threads(threads)
    common = {
        "WORLD_SIZE": processes,
        "LOCAL_WORLD_SIZE": processes,
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": get_free_port(),
    }
    command = [sys.executable, str(PROJECT / "train.py"), "--resume", run_id]
    started: list[subprocess.Popen] = []

    def gone() -> bool:
        if any(process.poll() is not None for process in started):
            raise TrainingError(
                N_(
                    "One of the processes that trained together has died: see the run's worker.log, then resume the run."
                )
            )
        return False

    try:
        with log.open("ab") as out:
            for rank in range(1, processes):
                own = {"RANK": rank, "LOCAL_RANK": rank, "OMP_NUM_THREADS": threads, **common}
                environment, nothing = os.environ | _text(own), subprocess.DEVNULL
                started.append(subprocess.Popen(command, env=environment, stdin=nothing, stdout=out, stderr=out))
        os.environ |= _text({"RANK": 0, "LOCAL_RANK": 0, **common})

        yield gone
        for process in started:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
    except RuntimeError:  # how a lost connection shows: some time before the process behind it counts as dead
        for _ in range(LOOKS):
            gone()
            time.sleep(PAUSE)
        raise
    finally:
        for process in started:
            process.kill()
            process.wait()


def die_with_parent() -> None:
    """Have a thread end this process soon after the one that started it has ended, even by SIGKILL."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:  # an orphan is given another one
            time.sleep(WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def _text(variables: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items()}
