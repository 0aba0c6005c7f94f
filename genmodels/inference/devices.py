"""The devices that torch finds on this machine."""

import re
from collections.abc import Mapping
from typing import Any

import torch

from genmodels.config.devices import PATTERN, resolve
from genmodels.errors import DeviceError
from genmodels.language import N_


def choose(values: Mapping[str, Any]) -> str:
    """The device that these ``values`` of a config get here: "cpu", "mps", "cuda" or "cuda:N".

    Raises ``DeviceError`` when there is none of its kind.
    """
    cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    device = resolve(values, cuda, mps)
    if not {"cuda": cuda, "mps": mps}.get(device.partition(":")[0], True):
        raise DeviceError(N_("There is no {device} here: choose the device 'auto' or 'cpu'.", device=device))
    return device


def named(name: str) -> torch.device:
    """The device to compute on that a user has named as in a config; raises ``DeviceError`` when there is none."""
    if not re.match(PATTERN, name):
        raise DeviceError(N_("There is no device {name}: choose auto, cpu, cuda, cuda:N or mps.", name=name))
    device = torch.device(choose({"device": name}))
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise DeviceError(N_("There is no {name} here: choose the device 'auto' or 'cpu'.", name=name))
    return device
