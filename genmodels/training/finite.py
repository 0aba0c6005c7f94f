"""What is not finite ends training, and nothing that holds such a value is ever written."""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.storage.callbacks import Report
from genmodels.training.running_means import PREFIX


def broken(values: Mapping[str, float]) -> str | None:
    """The name of the first value that is not finite, or None."""
    return next((name for name, value in values.items() if not math.isfinite(value)), None)


def must_be_finite(
    values: Mapping[str, float], step: int, epoch: float, report: Report, kept: Callable[[], bool]
) -> None:
    """Raise ``TrainingError`` when one of the values at ``step`` is not finite, and give it its row; ``kept`` says
    whether there is a checkpoint from before, and is asked only then."""
    if (name := broken(values)) is None:
        return
    report.metrics(step, epoch, {name: values[name]})
    before = N_("The last good checkpoint is kept") if kept() else N_("There is no checkpoint yet")
    raise TrainingError(
        N_(
            "{name} became {values} at step {step}. {before}; start again with a lower learning rate or, if "
            "precision is bf16, with fp32.",
            name=name.partition("/")[2],
            values=values[name],
            step=step,
            before=before,
        )
    )


def totals(tensors: Mapping[str, Tensor]) -> dict[str, float]:
    """The sum of each tensor of a checkpoint, which is finite only if all its values are, by the name of its curve."""
    return {
        f"train/{name.removeprefix(PREFIX)}" if name.startswith(PREFIX) else f"weights/{name}": (
            tensor.sum(dtype=torch.float64).item()
        )
        for name, tensor in tensors.items()
    }
