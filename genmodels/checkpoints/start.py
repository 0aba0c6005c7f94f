"""The weights that a run begins with, where they are another run's: a copy in its own folder, for the other may be deleted. Free of
torch."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors.numpy import save_file

from genmodels.checkpoints.integrity import START, TRAINING, WEIGHTS, CheckpointError, seal, steps, verify


@dataclass(frozen=True)
class Start:
    """A whole checkpoint in the folder ``checkpoint``, of a step of the run with the id ``run``; ``state``: what is sealed in it."""

    run: str
    checkpoint: Path
    step: int
    state: dict[str, Any]

    def copy(self, folder: Path) -> None:
        """Put its weights into the ``folder`` of a new run; raises ``OSError`` when they are gone, or the disk is full."""
        target = folder / START / self.checkpoint.name
        target.mkdir(parents=True)
        shutil.copyfile(self.checkpoint / WEIGHTS, target / WEIGHTS)
        # Optimisers and random generators begin anew: the new run may have others.
        save_file({}, target / TRAINING)
        seal(target, self.step, {"classes": self.state.get("classes")})


def newest_whole(run: str, folder: Path) -> Start | None:
    """The newest whole checkpoint of the run with the id ``run`` among those in ``folder``, or None."""
    for step in reversed(steps(folder)):
        path = folder / f"step-{step:08d}"
        try:
            return Start(run, path, step, verify(path)["state"])
        except CheckpointError:
            continue
    return None
