"""The best checkpoint of a run, kept beside the newest in ``RUN/best/``, in the same format but without what only training needs."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import BEST, CheckpointError, steps, verify
from genmodels.config.base import RunConfig
from genmodels.config.splits import held_out
from genmodels.training import diagnosis

FID, UNSPOILED, NOTHING = "score/fid", "unspoiled", ""


class Best:
    """Remembers how good the best checkpoint in ``folder`` is, and keeps a better one in its place.

    The lowest ``score/fid`` is the best; where no network knows the images, the lowest of the family's first curve, if that
    is measured on held-out images; else the newest whose samples are neither noise nor alike. Held out are the validation images,
    or, where the run has none, the test images, of which the score of what was chosen on them is then too good.
    """

    def __init__(self, folder: Path, config: RunConfig, step: int) -> None:
        """``step``: where training goes on; what came after it, before the run was resumed, does not count."""
        self.folder = folder / BEST
        first = config.curves[0]
        judged = (f"{held_out(config.model_dump())}/{first.name}",) if first.test else ()
        self.order = (FID, *judged, UNSPOILED, NOTHING)
        self.by, self.value = NOTHING, math.inf
        for found in steps(self.folder):
            try:
                state = verify(self.folder / f"step-{found:08d}")["state"]
            except CheckpointError:
                continue  # damaged: the next good one takes its place
            if found <= step and state["by"] in self.order:
                self.by, self.value = state["by"], state["value"]

    def better(self, step: int, values: Mapping[str, float]) -> bool:
        """Whether the values at ``step``, named as in the store, are better than all before; from now on they are the best."""
        by, value = self._rank(step, values)
        better = value < self.value if by == self.by else self.order.index(by) < self.order.index(self.by)
        if not better:
            return False
        self.by, self.value = by, value
        return True

    def _rank(self, step: int, values: Mapping[str, float]) -> tuple[str, float]:
        """What these values are judged by, and how: less is better."""
        for name in self.order:
            if name in values:
                return name, values[name]
        scores = {name.removeprefix("score/"): value for name, value in values.items() if name.startswith("score/")}
        if scores and diagnosis.spoiled(scores) is None:
            return UNSPOILED, -step
        return NOTHING, math.inf

    def checkpoint(self, step: int, weights: dict[str, Tensor], state: dict[str, Any]) -> Checkpoint:
        """What is to be kept."""
        return Checkpoint(step, weights, {}, state | {"by": self.by, "value": self.value})

    def save(self, best: Checkpoint) -> None:
        """Write it, then remove the one before; raises ``OSError`` when the disk does not take it."""
        checkpoint.save(self.folder, best, kept=1)
