"""Which device a run asks for, and what the one of Apple silicon can do. Free of torch and of what this machine has."""

from collections.abc import Mapping
from typing import Any

from genmodels.language import N_

PATTERN = r"^(auto|cpu|cuda(:\d{1,3})?|mps)$"


def resolve(values: Mapping[str, Any], cuda: bool, mps: bool) -> str:
    """The device that these ``values`` of a config ask for where there are CUDA devices, or mps.

    "auto" is CUDA, else mps if it can do what else is asked for, else the CPU.
    """
    if values["device"] != "auto":
        return values["device"]
    if cuda:
        return "cuda"
    return "mps" if mps and refused_by_mps(values) is None else "cpu"


def refused_by_mps(values: Mapping[str, Any]) -> str | None:
    """What these values ask for that mps cannot do, as a field, a colon and what it must be; None where it can do all."""
    if values.get("precision") == "bf16":
        return N_("precision: must be fp32 on the device mps; bf16 needs CUDA or the CPU")
    if values.get("compile") == "on":
        return N_("compile: must be auto or off on the device mps; compiled networks need CUDA or the CPU")
    if values.get("processes", 1) > 1:
        return N_("processes: must be 1 on the device mps, of which there is a single one; more need CUDA or the CPU")
    return None


def refused_batch(batch_size: int, processes: int) -> str | None:
    """Why a batch of so many images cannot be shared by so many processes, as a sentence; None where it can."""
    if batch_size >= 2 * processes:
        return None
    return N_(
        "A batch of {batch_size} leaves a process less than 2 images: choose a batch size of at least {least}"
        " for {processes} processes, or fewer processes.",
        batch_size=batch_size,
        least=2 * processes,
        processes=processes,
    )
