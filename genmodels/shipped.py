"""The trained models that come with the project: one folder each, readable without torch."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from genmodels.paths import SHIPPED


@dataclass(frozen=True)
class Shipped:
    """config: as in a run. card: command, seed, device, minutes, scores and the like, as ``genmodels.export`` wrote it."""

    folder: Path
    config: dict[str, Any]
    card: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def samples(self) -> Path | None:
        """A picture of what it generates; None for a model that generates nothing."""
        path = self.folder / "samples.png"
        return path if path.exists() else None

    def metrics(self) -> pd.DataFrame:
        """The rows (name, step, epoch, value) of the training curves."""
        return pd.read_csv(self.folder / "metrics.csv")


def shipped(family: str | None = None) -> list[Shipped]:
    """All shipped models, or those of one family, by name; a folder without a readable card is passed over."""
    found = []
    for file in sorted(SHIPPED.glob("*/card.json")):
        try:
            card = json.loads(file.read_text(encoding="utf-8"))
            config = json.loads((file.parent / "config.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if family in (None, config.get("family")):
            found.append(Shipped(file.parent, config, card))
    return found


def find(name: str) -> Shipped | None:
    """The shipped model of that name, or None."""
    return next((model for model in shipped() if model.name == name), None)
