"""The devices that a run takes, and the locks by which no two runs meet on one. Free of torch.

Each store has a lock file for each device, which tells its own runs apart, in containers too that share its disk. A card is also
claimed for the whole machine, whoever has started the run and in whichever store: by a name in the kernel ("abstract" Unix socket),
which needs no folder that all users may write to, and goes when its process ends, however that ends. Containers see each other's claims
where they share the network of the machine.
"""

import errno
import hashlib
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from genmodels import machine
from genmodels.config.devices import resolve
from genmodels.jobs import cards
from genmodels.storage.files import lock

CLAIM = "genmodels"  # what the names in the kernel begin with
LONGEST = 80  # bytes of a lock's name: the kernel's names have 107 at most, and a long one is told by its digest


@dataclass(frozen=True)
class Device:
    """``name``: "cpu", "mps" or "cuda:N", the N-th visible card. For the others see ``cards.Card``."""

    name: str
    locks: tuple[str, ...]
    is_there: bool = True
    entry: str = ""
    doubt: str = ""

    @property
    def is_card(self) -> bool:
        return self.name.startswith("cuda")


def devices_of(config: Mapping[str, Any]) -> list[Device]:
    """The devices that a run of ``config`` takes on this machine: for each of its processes a card, or all share the CPU or mps.

    Several processes take whole cards alone, from the one on that the config names: a MIG instance cannot talk to another.
    """
    found = cards.visible()
    gpus = not machine.without_gpus()
    choice, processes = resolve(config, gpus and bool(found), gpus and machine.has_mps()), config.get("processes", 1)
    if not choice.startswith("cuda"):
        return [Device(choice, (f"{choice}@{machine.node()}",), choice == "cpu" or machine.has_mps())]
    first = int(choice.partition(":")[2] or 0)
    if processes == 1:
        return [_card(first, found)]
    whole = [index for index in range(first, len(found)) if not found[index].is_mig]
    lacking = range(max(first, len(found)), max(first, len(found)) + processes - len(whole))
    return [_card(index, found) for index in [*whole, *lacking][: processes or None] or [first]]


def _card(index: int, found: Sequence[cards.Card]) -> Device:
    name = f"cuda:{index}"
    is_there = index < len(found)
    card = found[index] if is_there else cards.unlisted(index)
    if card is None:
        return Device(name, (f"{name}@{machine.node()}",), is_there)
    return Device(name, card.locks, is_there, card.entry, card.doubt)


def present() -> list[str]:
    """The devices of this machine, by name."""
    return ["cpu", *(["mps"] if machine.has_mps() else []), *(f"cuda:{index}" for index in range(len(cards.visible())))]


def show_only(devices: Iterable[Device]) -> None:
    """Let CUDA number these cards from 0 on, in this process and those that it starts; before it has begun."""
    os.environ[cards.VISIBLE] = ",".join(device.entry for device in devices)


def hold(folder: Path, devices: Iterable[Device]) -> list[int] | None:
    """Descriptors that lock all ``devices`` until they are closed, or None, and none is locked, while another run has one.

    ``folder`` is that of the store's locks.
    """
    ways = {}
    for device in devices:
        for name in device.locks:  # those in doubt share theirs
            short = name if len(name.encode()) <= LONGEST else hashlib.sha256(name.encode()).hexdigest()
            ways[name, "store"] = partial(lock, folder / f"{short.replace('/', '-')}.lock")
            if device.is_card:
                ways[name, "machine"] = partial(_claim, short)
    held: list[int] = []
    for take in ways.values():
        if (descriptor := take()) is None:
            for taken in held:
                os.close(taken)
            return None
        held.append(descriptor)
    return held


def _claim(name: str) -> int | None:
    """The descriptor of a name that no other process on this machine has, or None while one has it."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0{CLAIM} {name}")
    except OSError as error:
        claim.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise
    return claim.detach()
