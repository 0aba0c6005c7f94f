"""The NVIDIA cards of this machine as NVML, the driver's own library, lists them: no torch and no CUDA is loaded for it."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pynvml

from genmodels.jobs.cards import Card, Gpu


def gpus() -> list[Gpu] | None:
    """Those of the machine that this process may look at, as NVML lists them; None where it does not answer."""
    try:
        pynvml.nvmlInit()
        count = pynvml.nvmlDeviceGetCount()
    except pynvml.NVMLError:
        return None
    found = []
    for index in range(count):
        with suppress(pynvml.NVMLError):  # lost, or another's, as in a batch job; CUDA does not number it either
            found.append(_gpu(pynvml.nvmlDeviceGetHandleByIndex(index)))
    return found


def _gpu(handle: Any) -> Gpu:
    uuid, name, pci = _uuid(handle), _name(handle), pynvml.nvmlDeviceGetPciInfo(handle)
    if _is_in_mig_mode(handle):
        named = [*_instances(handle, uuid)]
        parts = tuple(dict.fromkeys(part for _, part in named))
    else:
        named, parts = [], (Card(name, uuid, (uuid,)),)
    named += [(uuid, part) for part in parts[:1]]
    return Gpu(uuid, name, (pci.domain, pci.bus, pci.device), parts, tuple(named))


def _is_in_mig_mode(handle: Any) -> bool:
    try:
        current, _ = pynvml.nvmlDeviceGetMigMode(handle)
    except pynvml.NVMLError:  # a kind of card that has none
        return False
    return bool(current == pynvml.NVML_DEVICE_MIG_ENABLE)


def _instances(handle: Any, gpu: str) -> Iterable[tuple[str, Card]]:
    """The MIG instances of a card that this process may look at, by UUID, and by what drivers before 470 called them."""
    for index in range(pynvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        with suppress(pynvml.NVMLError):  # there are fewer
            part = pynvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index)
            uuid = _uuid(part)
            card = Card(_name(part), uuid, (uuid,), is_mig=True)
            yield uuid, card
            ids = pynvml.nvmlDeviceGetGpuInstanceId(part), pynvml.nvmlDeviceGetComputeInstanceId(part)
            yield f"MIG-{gpu}/{ids[0]}/{ids[1]}", card


def _uuid(handle: Any) -> str:
    return str(pynvml.nvmlDeviceGetUUID(handle))


def _name(handle: Any) -> str:
    return str(pynvml.nvmlDeviceGetName(handle))
