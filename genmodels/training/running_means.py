"""The means of what steps tell, over those since the last row of the curves."""

from collections.abc import Mapping
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor

PREFIX = "sums."  # of their names in a checkpoint


class RunningMeans:
    """Sums, on the device, and counts by the name of the curve, which not every step may have a value of."""

    def __init__(self) -> None:
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}

    def add(self, values: Mapping[str, Tensor]) -> None:
        """Take in the scalars of one step."""
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0) + value
            self.counts[name] = self.counts.get(name, 0) + 1

    def take(self, accelerator: Accelerator) -> dict[str, float]:
        """The means, over all processes, for which the host waits for the device; they begin anew."""
        means = torch.stack([self.sums[name] / count for name, count in self.counts.items()])
        taken = dict(zip(self.counts, accelerator.reduce(means, "mean").tolist(), strict=True))
        self.sums, self.counts = {}, {}
        return taken

    def share(self, accelerator: Accelerator) -> None:
        """Have each process go on from the mean of their sums, which leaves the means as they are: one checkpoint serves all."""
        self.sums = accelerator.reduce(self.sums, "mean")

    def tensors(self) -> dict[str, Tensor]:
        """What a checkpoint keeps, beside ``counts``."""
        return {f"{PREFIX}{name}": value for name, value in self.sums.items()}

    def load(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any], device: torch.device) -> None:
        """Go on from what ``tensors`` gave, and from the ``counts`` in the state of the same checkpoint."""
        self.sums = {
            name.removeprefix(PREFIX): value.to(device) for name, value in tensors.items() if name.startswith(PREFIX)
        }
        # Checkpoints of the first version have one count, of all sums.
        self.counts = dict(state.get("counts") or dict.fromkeys(self.sums, state.get("summed", 0)))
