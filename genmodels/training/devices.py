"""The devices that training runs on."""

import os
import platform

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs

from genmodels.config.base import RunConfig
from genmodels.config.devices import refused_by_mps
from genmodels.errors import DeviceError
from genmodels.inference.devices import choose


def make_accelerator(config: RunConfig) -> Accelerator:
    """Accelerate's view of the devices; raises ``DeviceError`` when the asked device is not there, or is too few."""
    processes = int(os.environ.get("WORLD_SIZE") or 1)  # by whatever launcher; each reads this for itself
    values = config.model_dump() | {"processes": processes}
    device = choose(values)
    if device == "mps" and (refusal := refused_by_mps(values)):
        raise DeviceError(f"{refusal}.")
    mixed_precision = "bf16" if config.precision == "bf16" else "no"
    # BatchNorm's buffers change in place between two forwards before one backward; broadcasting them would break it.
    handlers = [DistributedDataParallelKwargs(broadcast_buffers=False)]
    return Accelerator(cpu=device == "cpu", mixed_precision=mixed_precision, kwargs_handlers=handlers)


def environment(device: torch.device, data: str) -> dict[str, str]:
    """What a later reader needs to know in order to repeat the run; ``data``: the digest of the training images."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": f"{device.type} ({name})",
        "data": data,
    }
