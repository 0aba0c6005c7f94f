"""A training step that the device's memory may be too small for."""

from dataclasses import replace

from accelerate.utils.memory import clear_device_cache
from torch import Tensor

from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.models.base import Batch, Family
from genmodels.models.memory import out_of_memory
from genmodels.training import compilation


def step_or_explain(family: Family, batch: Batch, noise: Noise) -> dict[str, Tensor]:
    """``family.step``; raises ``TrainingError`` with a batch size that fits when memory is too small for this one.

    ``batch``: the part of this process. The networks are of no more use after an error: smaller batches were tried with them.
    """
    compilation.begin_step(family)
    try:
        return family.step(batch, noise)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
    # Only out here is the memory free again that the step had taken.
    processes = family.accelerator.num_processes if family.accelerator else 1
    whole = processes * len(batch.images)
    sentence = N_("The device's memory is too small for a batch of {whole}: start again with", whole=whole)
    if processes > 1:  # the others would wait for this one to try
        raise TrainingError(
            N_("{sentence} a batch size of {whole}, or with narrower networks.", sentence=sentence, whole=whole // 2)
        )
    fits = _fitting(family, batch, noise)
    if fits is None:
        raise TrainingError(
            N_("{sentence} narrower networks or smaller images; not even a batch of 2 fits.", sentence=sentence)
        )
    raise TrainingError(
        N_("{sentence} a batch size of {fits}, which fits, or with narrower networks.", sentence=sentence, fits=fits)
    )


def _fitting(family: Family, batch: Batch, noise: Noise) -> int | None:
    """The largest of a half, a quarter and so on of the batch that a step can be made with, or None."""
    compilation.undo(family)  # or each size would be compiled anew
    size = len(batch.images) // 2
    while size >= 2:
        clear_device_cache(garbage_collection=True)
        labels = None if batch.labels is None else batch.labels[:size]
        try:
            family.step(replace(batch, images=batch.images[:size], labels=labels), noise)
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        else:
            return size
        size //= 2
    return None
