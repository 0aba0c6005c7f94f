"""A rehearsal in a process of its own, as a run has: ``python -m genmodels.jobs.rehearsal`` is that process.

It is given a config as JSON on its standard input, and prints the seconds of a step.
"""

import json
import os
import subprocess
import sys

from genmodels.config.base import RunConfig
from genmodels.config.families import parse
from genmodels.errors import TrainingError, UserError
from genmodels.jobs.devices import devices_of, hold, show_only
from genmodels.language import N_
from genmodels.runs.store import Store
from genmodels.settings import for_workers
from genmodels.storage.paths import PROJECT

PATIENCE = 120.0  # seconds, of which nearly all go into loading torch
FAILED = N_("The time could not be measured: start the run, whose page tells how long it has left.")


def measure(store: Store, config: RunConfig) -> float:
    """Seconds of a step of a run of ``config``; raises ``UserError`` when its devices are in use, or the rehearsal fails."""
    held = hold(store.root / "locks", devices_of(config.model_dump()))
    if held is None:
        raise TrainingError(N_("Something trains on this device now: wait until it has ended, or start the run."))
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "genmodels.jobs.rehearsal"],
            input=config.model_dump_json(), capture_output=True, text=True, timeout=PATIENCE, check=True,
            env=for_workers() | {"GENMODELS_HOME": str(store.root)}, cwd=PROJECT,
        )  # fmt: skip
        return float(answer.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        raise TrainingError(FAILED) from error
    finally:
        for descriptor in held:
            os.close(descriptor)


def main() -> None:
    """The process: one line on standard output."""
    config = parse(json.loads(sys.stdin.read()))
    devices = devices_of(config.model_dump())
    if devices[0].is_card:
        show_only(devices)
    from genmodels.training.rehearsal import rehearse

    try:
        print(rehearse(config))
    except UserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
