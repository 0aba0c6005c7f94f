"""Memory that is too small, however the device's allocator says so."""

import torch
from accelerate.utils.memory import should_reduce_batch_size


def out_of_memory(error: Exception) -> bool:
    """Whether that is what ``error`` says."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or should_reduce_batch_size(error)
