"""The devices that training runs on."""

import os
import platform

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from accelerate.utils import DistributedDataParallelKwargs

from genmodels.config.base import RunConfig
from genmodels.config.devices import refused_batch, refused_by_mps
from genmodels.errors import DeviceError, TrainingError
from genmodels.inference.devices import choose
from genmodels.language import N_
from genmodels.machine import without_gpus
from genmodels.storage.callbacks import Report
from genmodels.storage.launcher import of_launcher


def make_accelerator(config: RunConfig) -> Accelerator:
    """Accelerate's view of the devices; raises ``DeviceError`` when the asked device is not there, or is too few.

    Of Accelerate's variables in the environment only that counts which turns GPUs off, and only for the device "auto":
    what the others say of precision, compilation or accumulation is no part of the config, which alone decides a run.
    """
    processes = of_launcher("WORLD_SIZE") or 1
    values = config.model_dump() | {"processes": processes}
    turned_off = config.device == "auto" and without_gpus()
    device = "cpu" if turned_off else choose(values)
    if device == "mps" and (refusal := refused_by_mps(values)):
        raise DeviceError(f"{refusal}.")
    mixed_precision = "bf16" if config.precision == "bf16" else "no"
    # BatchNorm's buffers change in place between two forwards before one backward; broadcasting them would break it.
    handlers = [DistributedDataParallelKwargs(broadcast_buffers=False)]
    said = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("ACCELERATE_")}
    try:
        return Accelerator(cpu=device == "cpu", mixed_precision=mixed_precision, kwargs_handlers=handlers)
    finally:
        os.environ.update(said)


def forget_accelerator() -> None:
    """Let the next accelerator of this process have another device or precision: Accelerate has one of each for all.

    What was prepared before keeps its own.
    """
    AcceleratorState._reset_state(reset_partial_state=True)


def global_batch(config: RunConfig, images: int, processes: int, report: Report) -> int:
    """The configured batch, or all images when there are fewer, divisible by the number of processes.

    Raises ``TrainingError`` when that leaves a process less than 2.
    """
    if refusal := refused_batch(config.batch_size, processes):
        raise TrainingError(refusal)
    size = min(config.batch_size, images) // processes * processes
    if size < 2 * processes:
        raise TrainingError(
            N_(
                "Only {images} training images for {processes} process(es): each needs at least 2; add images or use "
                "fewer processes.",
                images=images,
                processes=processes,
            )
        )
    if size < config.batch_size:
        report.event(
            N_("The batch size is {size}, because the data or the processes do not allow more.", size=size), "warning"
        )
    return size


def environment(device: torch.device, data: str) -> dict[str, str]:
    """What a later reader needs to know in order to repeat the run; ``data``: the digest of the training images."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": f"{device.type} ({name})",
        "data": data,
    }
