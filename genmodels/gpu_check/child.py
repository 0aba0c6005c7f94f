"""Trainings in a process of its own: ``python -m genmodels.gpu_check.child [--die] FOLDER ...``, one folder after the other.

Each has the ``config.json`` of its run. With ``--die`` the process is killed at its first checkpoint, while it trains on.
"""

import argparse
import json
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.gpu_check.session import trainer
from genmodels.runs.run import CONFIG
from genmodels.storage.callbacks import Report

LOG = logging.getLogger(__name__)
ERROR = re.compile(r"^[\w.]+: .+$", re.MULTILINE)  # the type and the first line of what a traceback ends with


class _Dying(Report):
    def saved(self, step: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def train_in_child(runs: Sequence[tuple[RunConfig, Path]], *flags: str) -> int:
    """Train each config in its folder; the status that the process has ended with, negative for a signal.

    Raises ``RuntimeError`` with what went wrong when it failed by itself.
    """
    for config, folder in runs:
        folder.mkdir()
        (folder / CONFIG).write_text(json.dumps(config.model_dump()), encoding="utf-8")
    command = [sys.executable, "-m", __name__, *flags, *(str(folder) for _, folder in runs)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode > 0:
        LOG.debug(done.stderr)
        raise RuntimeError((ERROR.findall(done.stderr) or ["a process has failed and said nothing"])[-1])
    return done.returncode


def main() -> None:
    """The process itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--die", action="store_true")
    parser.add_argument("folder", nargs="+", type=Path)
    options = parser.parse_args()
    for folder in options.folder:
        config = families.parse(json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        trainer(config, folder, _Dying() if options.die else Report()).run()


if __name__ == "__main__":
    main()
