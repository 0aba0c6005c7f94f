"""Pretrained models for tests, made by hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from genmodels.config.base import RunConfig
from genmodels.storage.image_grid import save_grid


def ship(folder: Path, config: RunConfig, scores: dict[str, Any], previews: int = 0) -> Path:
    """A pretrained model in ``folder``: card, config, curves and pictures, but no weights; a preview before each epoch of 10 steps."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(config.model_dump_json())
    card = {
        "title": folder.name.upper(),
        "command": f"python train.py {config.family}",
        "device": "cpu",
        "minutes": 1,
        "step": 10 * previews,
        "epochs": previews,
        "classes": list("0123456789"),
        "scores": scores,
    }
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "metrics.csv").write_text("name,step,epoch,value\n")
    for name in config.pictures:
        save_grid(folder / f"{name}.png", images(0))
    for index in range(previews):
        save_grid(folder / "pictures" / f"samples-{10 * index:08d}.png", images(index))
    return folder


def images(level: int) -> np.ndarray:
    """Grey images of one level, (4, 1, 28, 28)."""
    return np.full((4, 1, 28, 28), level, np.uint8)
