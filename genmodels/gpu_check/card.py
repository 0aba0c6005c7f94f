"""What torch knows of a card: its name, its memory, and when it has done what was asked. On the CPU there is nothing to wait for.

All that is called here is in ``torch/cuda/__init__.py`` and ``torch/cuda/memory.py`` of torch 2.11 already.
"""

import gc
import platform
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from genmodels.gpu_check.row import Skipped


def name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()


def wait(device: torch.device) -> None:
    """Until all is done that the host has queued."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def tidy(device: torch.device) -> None:
    """Give back what is no longer used."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def forget_peak(device: torch.device) -> None:
    """Have ``peak`` tell of what comes from now on."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak(device: torch.device) -> float | None:
    """The most memory, in MiB, that tensors have taken at a time; None on the CPU."""
    return torch.cuda.max_memory_allocated(device) / 2**20 if device.type == "cuda" else None


@contextmanager
def with_little_memory(device: torch.device, room: int) -> Iterator[None]:
    """For a block, let this process take at most ``room`` more bytes than it holds; raises ``Skipped`` on the CPU."""
    if device.type != "cuda":
        raise Skipped("a process cannot be kept from taking the CPU's memory")
    tidy(device)
    total = torch.cuda.get_device_properties(device).total_memory
    held = torch.cuda.memory_reserved(device)
    torch.cuda.set_per_process_memory_fraction(min(1.0, (held + room) / total), device)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, device)
