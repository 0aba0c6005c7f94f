"""Which NVIDIA cards this process may use, in CUDA's order, found without loading torch or CUDA.

``CUDA_VISIBLE_DEVICES`` says which, and in which order. NVML knows the machine's cards whatever that says, and numbers them by the
PCI bus, as CUDA does only with ``CUDA_DEVICE_ORDER=PCI_BUS_ID``: else it begins with the fastest. What CUDA makes of the two variables
is told in its programming guide (environment variables), and what it makes of MIG in the MIG user guide (device enumeration).
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from genmodels import machine
from genmodels.language import N_
from genmodels.storage.paths import PROJECT

VISIBLE = "CUDA_VISIBLE_DEVICES"
WORD = re.compile(r"[0-9]|GPU-|MIG-")  # how an entry of that begins
ASK_SECONDS = 60.0
NO_NVML = N_(
    "NVML does not answer here, so GPUs are known by CUDA's own numbers alone: this run does not wait for one that calls its GPU "
    "by another name."
)
NO_ORDER = N_(
    "CUDA does not tell how it numbers the different GPUs of this machine, so this run waits until all of them are free: set "
    "CUDA_DEVICE_ORDER=PCI_BUS_ID, or name the GPUs in CUDA_VISIBLE_DEVICES by their UUIDs."
)


@dataclass(frozen=True)
class Card:
    """A whole card, or a MIG instance, of which a process can use one alone.

    ``entry`` is what to call it in ``CUDA_VISIBLE_DEVICES``. ``locks`` are the same for all who mean this card: its UUID or, where it
    is in ``doubt``, of which that is a sentence, those of all that it may be.
    """

    name: str
    entry: str
    locks: tuple[str, ...]
    is_mig: bool = False
    doubt: str = ""


@dataclass(frozen=True)
class Gpu:
    """What NVML calls a device. ``parts``: the card itself or, in MIG mode, its instances; ``named``: what each may be called."""

    uuid: str
    name: str
    bus: tuple[int, int, int]
    parts: tuple[Card, ...]
    named: tuple[tuple[str, Card], ...]


def visible() -> list[Card]:
    """The cards that this process may use, the N-th of which is "cuda:N" in a config; none where NVML does not answer.

    CUDA shows a process one MIG instance alone, but each run gets a list of its own, so all are named here. Where it is left open
    which may be used, they come after the whole cards.
    """
    gpus = _gpus() or []
    ordered = _in_order_of_cuda(gpus)
    words = os.environ.get(VISIBLE)
    if words is not None:
        return _named(words.split(","), gpus, ordered)
    if ordered is None:
        return [_in_doubt(str(index), gpus) for index in range(len(gpus))]
    return sorted((part for gpu in ordered for part in gpu.parts), key=lambda part: part.is_mig)


def unlisted(index: int) -> Card | None:
    """The card "cuda:INDEX" where NVML does not answer, which the user's word is taken for; None where that, or the lack of any driver,
    says otherwise."""
    if _gpus() is not None or not machine.has_gpu_driver():
        return None
    words = os.environ.get(VISIBLE)
    entries = [*map(str, range(index + 1))] if words is None else [word.strip() for word in words.split(",")]
    entry = dict(enumerate(takewhile(WORD.match, entries))).get(index)
    return (
        None
        if entry is None
        else Card(f"CUDA device {index}", entry, (f"cuda:{entry}@{machine.node()}",), doubt=NO_NVML)
    )


def _named(words: Iterable[str], gpus: Sequence[Gpu], ordered: Sequence[Gpu] | None) -> list[Card]:
    """The cards of these words as CUDA reads them: the first that means none ends the list, and a repeated one empties it."""
    found: dict[object, Card] = {}
    for word in map(str.strip, words):
        card = _by_number(word, gpus, ordered) if re.match(r"[0-9]", word) else _by_uuid(word, gpus)
        if card is None:
            break
        meant = card.entry if card.doubt else card.locks
        if meant in found:
            return []
        found[meant] = replace(card, entry=word)
    return [*found.values()]


def _by_number(word: str, gpus: Sequence[Gpu], ordered: Sequence[Gpu] | None) -> Card | None:
    """Of a card in MIG mode, CUDA takes the first instance; what follows the digits, it passes over."""
    index = int(re.match(r"[0-9]+", word)[0])  # type: ignore[index]
    if index >= len(gpus if ordered is None else ordered):
        return None
    if ordered is None:
        return _in_doubt(word, gpus)
    return next(iter(ordered[index].parts), None)


def _by_uuid(word: str, gpus: Sequence[Gpu]) -> Card | None:
    """As much of a UUID will do as no other begins with."""
    if not WORD.match(word):
        return None
    meant = {card for gpu in gpus for name, card in gpu.named if name.startswith(word)}
    return meant.pop() if len(meant) == 1 else None


def _in_doubt(word: str, gpus: Sequence[Gpu]) -> Card:
    locks = tuple(lock for gpu in gpus for part in gpu.parts for lock in part.locks)
    return Card(f"CUDA device {word}", word, locks, doubt=NO_ORDER)


def _in_order_of_cuda(gpus: Sequence[Gpu]) -> list[Gpu] | None:
    """Those that CUDA numbers, as it does; None where that cannot be known."""
    if os.environ.get("CUDA_DEVICE_ORDER") == "PCI_BUS_ID" or len({gpu.name for gpu in gpus}) <= 1:
        return sorted(gpus, key=lambda gpu: gpu.bus)
    by_uuid = {gpu.uuid: gpu for gpu in gpus}
    if any(part.is_mig for gpu in gpus for part in gpu.parts):  # of which CUDA tells one, and no whole card beside it
        return None
    return [by_uuid[uuid] for uuid in _asked_of_cuda(tuple(by_uuid)) if uuid in by_uuid] or None


@cache
def _asked_of_cuda(uuids: tuple[str, ...]) -> tuple[str, ...]:
    """The UUIDs of the cards as CUDA numbers them while the machine has these; none where it does not tell.

    Which are the fastest, CUDA alone knows, so it is asked, by a process that ends: one that has begun with CUDA holds the cards open.
    """
    environment = {name: value for name, value in os.environ.items() if name != VISIBLE}
    command = [sys.executable, "-m", "genmodels.jobs.cuda_order"]
    try:
        told = subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True, timeout=ASK_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(told.stdout.split())


def _gpus() -> list[Gpu] | None:
    """Those of the machine that this process may look at, as NVML lists them; None where it does not answer."""
    try:
        from genmodels.jobs.nvml import gpus
    except ModuleNotFoundError:  # in an environment that has only what training needs
        return None
    return gpus()
