"""A process that has loaded torch before it is needed, so that a run trains at once and not seconds after its start.

`python -m genmodels.jobs.warm_worker` is that process. It loads, then waits on its standard input, which is a socket, for a run to
train and for the descriptors of the run's lock and log; when the socket closes instead, it leaves. So it never outlives the
server that keeps it, unless it trains.
"""

import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from genmodels.settings import Settings, for_workers
from genmodels.storage.paths import PROJECT

IDLE_SECONDS = 600.0  # some 500 MB are given back when nobody has looked at a form for so long
LOCK_VARIABLE = "GENMODELS_RUN_LOCK"  # tells a worker which inherited descriptor is the lock of its run
MESSAGE_BYTES = 4096
# What training needs; torch._dynamo, which every optimiser loads, takes as long as torch itself.
LOADED = ("torch._dynamo", "genmodels.training.trainer", "genmodels.jobs.worker")


class Spare:
    """The server's half: at most one process that is ready, and the way to give it a run. Safe to use from any thread."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self.idle_seconds = idle_seconds
        self._guard = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._socket: socket.socket | None = None
        self._until = 0.0

    def keep(self) -> None:
        """Have a process load torch, unless there is one already; it leaves when nobody has asked for so long.

        Does nothing where ``GENMODELS_SPARE`` is 0, which saves memory.
        """
        if not Settings.read().spare:
            return
        with self._guard:
            self._until = time.monotonic() + self.idle_seconds
            if self._process is not None and self._process.poll() is None:
                return
            self._socket, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "genmodels.jobs.warm_worker"],
                    cwd=PROJECT,
                    env=for_workers(),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()

    def take(self, run_id: str, home: Path, lock: int, log: int) -> bool:
        """Let the process, if there is one, train a run, whose lock and log are given as descriptors; whether there was."""
        with self._guard:
            if self._process is None or self._socket is None or self._process.poll() is not None:
                return False
            message = json.dumps({"run": run_id, "home": str(home), "folder": os.getcwd()}).encode()
            try:
                socket.send_fds(self._socket, [message], [lock, log])
            except OSError:  # it has just died
                return False
            finally:
                self._let_go()
            return True

    def _watch(self, process: subprocess.Popen) -> None:
        """Let an unused process go in time, and wait for its end: until then a child that has ended stays a zombie."""
        while process.poll() is None and (left := self._until - time.monotonic()) > 0:
            with self._guard:
                if self._process is not process:
                    break
            time.sleep(min(left, 1.0))
        with self._guard:
            if self._process is process:
                self._let_go()
        process.wait()

    def _let_go(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._process = self._socket = None


def main() -> None:
    """The process: load, wait, and go on as `train.py --resume RUN`."""
    for module in LOADED:
        importlib.import_module(module)
    waiting = socket.socket(fileno=os.dup(0))
    with waiting:
        message, descriptors, _, _ = socket.recv_fds(waiting, MESSAGE_BYTES, 2)
    if not message:
        return
    go_on(json.loads(message), *descriptors)


def go_on(asked: dict[str, str], lock: int, log: int) -> None:
    """Become `train.py --resume RUN` with what ``Spare.take`` has sent: the run, the home and the folder, and the descriptors."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, standard in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(descriptor, standard)
    os.close(log)
    os.close(nothing)
    os.environ |= {LOCK_VARIABLE: str(lock), "GENMODELS_HOME": asked["home"]}
    os.chdir(asked["folder"])  # where the paths that a visitor may have named begin
    train = PROJECT / "train.py"
    sys.argv = [str(train), "--resume", asked["run"]]
    runpy.run_path(str(train), run_name="__main__")


if __name__ == "__main__":
    main()
