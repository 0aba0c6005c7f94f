"""The devices that training runs on."""

import platform

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs

from genmodels.config.base import RunConfig
from genmodels.errors import TrainingError


def make_accelerator(config: RunConfig) -> Accelerator:
    """Accelerate's view of the devices; raises ``TrainingError`` when the asked device is not there."""
    if config.device.startswith("cuda") and not torch.cuda.is_available():
        raise TrainingError(f"There is no {config.device} here: choose the device 'auto' or 'cpu'.")
    use_cpu = config.device == "cpu" or not torch.cuda.is_available()
    mixed_precision = "bf16" if config.precision == "bf16" else "no"
    # BatchNorm's buffers change in place between two forwards before one backward; broadcasting them would break it.
    handlers = [DistributedDataParallelKwargs(broadcast_buffers=False)]
    return Accelerator(cpu=use_cpu, mixed_precision=mixed_precision, kwargs_handlers=handlers)


def environment(device: torch.device, data: str) -> dict[str, str]:
    """What a later reader needs to know in order to repeat the run; ``data``: the digest of the training images."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else platform.machine()
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": f"{device.type} ({name})",
        "data": data,
    }
