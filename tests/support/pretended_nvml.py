"""A machine with NVIDIA cards that are not there, as NVML tells of them."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from genmodels import machine
from genmodels.jobs import cards


@dataclass(frozen=True)
class Gpu:
    """``mig``: the UUIDs of its instances in MIG mode; None where that is off. ``error``: what NVML says when asked for it."""

    uuid: str
    name: str = "NVIDIA H100"
    bus: int = 0
    mig: list[str] | None = None
    error: int | None = None


@dataclass(frozen=True)
class Instance:
    uuid: str
    gpu: Gpu
    number: int = field(default=0)

    @property
    def name(self) -> str:
        return f"{self.gpu.name} MIG 1g.10gb"


def uuid(number: int) -> str:
    """Of a pretended card."""
    return f"GPU-{number:08x}-0000-0000-0000-000000000000"


def some(count: int, mig: dict[int, list[str]] | None = None, **values: Any) -> list[Gpu]:
    """So many cards of one kind, those with a number in ``mig`` in MIG mode, with instances of these UUIDs."""
    return [
        Gpu(uuid(number), **{"bus": number + 1, "mig": (mig or {}).get(number)} | values) for number in range(count)
    ]


def pretend(
    monkeypatch: pytest.MonkeyPatch, gpus: list[Gpu] | int, visible: str | None = None, order: str = ""
) -> None:
    """The cards of this machine, or how many of one kind, and what the user has set of CUDA's two variables."""
    machine = some(gpus) if isinstance(gpus, int) else gpus

    def by_index(index: int) -> Gpu:
        if machine[index].error is not None:
            raise pynvml.NVMLError(machine[index].error)
        return machine[index]

    def mig_mode(gpu: Gpu) -> list[int]:
        if "H100" not in gpu.name:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return [int(gpu.mig is not None)] * 2

    def instance(gpu: Gpu, index: int) -> Instance:
        if index >= len(gpu.mig or []):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return Instance((gpu.mig or [])[index], gpu, index)

    answers = {
        "Init": lambda: None,
        "DeviceGetCount": lambda: len(machine),
        "DeviceGetHandleByIndex": by_index,
        "DeviceGetUUID": lambda device: device.uuid,
        "DeviceGetName": lambda device: device.name,
        "DeviceGetPciInfo": lambda gpu: SimpleNamespace(domain=0, bus=gpu.bus, device=0),
        "DeviceGetMigMode": mig_mode,
        "DeviceGetMaxMigDeviceCount": lambda gpu: 7,
        "DeviceGetMigDeviceHandleByIndex": instance,
        "DeviceGetGpuInstanceId": lambda part: part.number + 7,
        "DeviceGetComputeInstanceId": lambda part: 0,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, f"nvml{name}", answer)
    monkeypatch.setenv(cards.VISIBLE, visible or "")  # so that it is put back, whatever a worker makes of it
    if visible is None:
        monkeypatch.delenv(cards.VISIBLE)
    monkeypatch.setenv("CUDA_DEVICE_ORDER", order)


def pretend_no_nvml(monkeypatch: pytest.MonkeyPatch, visible: str | None = None) -> None:
    """A machine on which NVML does not answer, though there is a driver."""
    monkeypatch.setattr(machine, "has_gpu_driver", lambda: True)
    pretend(monkeypatch, 0, visible)

    def fail() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", fail)
