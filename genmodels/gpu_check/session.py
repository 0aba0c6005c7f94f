"""What all points of a check share: the device, the sizes, a folder, and trainings in this process."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import NEWEST
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.data.load import Loader
from genmodels.gpu_check import images
from genmodels.storage.callbacks import Level, Report
from genmodels.training.devices import forget_accelerator
from genmodels.training.trainer import Trainer

QUICK = {"width": 4, "latent_dim": 4, "batch_size": 16}


class Events(Report):
    """Remembers what a training says."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def event(self, text: str, level: Level = "info") -> None:
        self.said.append(text)


@dataclass(frozen=True)
class Session:
    """``quick``: with the smallest networks; ``folder`` goes with the check."""

    device: torch.device
    quick: bool
    folder: Path

    @property
    def bounded(self) -> bool:
        """Whether bounds of speed mean anything: on a card, with networks of the default size."""
        return self.device.type == "cuda" and not self.quick

    def config(self, family: str, **values: Any) -> RunConfig:
        """A run on the device at the family's default size; plain, without pictures, unless ``values`` say otherwise."""
        usual = {"family": family, "device": self.device.type, "compile": "off", "preview_every": 0}
        small = QUICK if self.quick else {}
        known = families.FAMILIES[family].options()
        return families.parse(usual | {name: value for name, value in small.items() if name in known} | values)


def trainer(config: RunConfig, folder: Path, report: Report | None = None, loader: Loader = images.few) -> Trainer:
    """Of a run in this process, from its newest checkpoint in ``folder`` if there is one."""
    forget_accelerator()
    return Trainer(config, folder, report or Report(), loader)


def newest(folder: Path) -> Checkpoint:
    """The newest checkpoint of the run in ``folder``; raises ``LookupError`` when there is none."""
    found, _ = checkpoint.latest(folder / NEWEST)
    if found is None:
        raise LookupError("there is no checkpoint")
    return found


def difference(ours: dict[str, Tensor], theirs: dict[str, Tensor]) -> float:
    """The largest of two sets of tensors of the same names, wherever they are; NaN differs from all."""
    if ours.keys() != theirs.keys():
        raise LookupError(f"{min(ours.keys() ^ theirs.keys())} is in one of both alone")
    apart = [(ours[name].cpu().double() - theirs[name].cpu().double()).abs().max() for name in ours]
    return torch.stack(apart).max().item()  # which keeps NaN, as Python's own does not
