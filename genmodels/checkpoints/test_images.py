"""Test images that a finished run keeps, so that it can be looked at without its data. Free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from genmodels.storage import arrays

FILE = "test-images.npz"
STORED_IMAGES = 2000


@dataclass(frozen=True)
class Images:
    """images: uint8 (N, C, H, W); labels: int64 (N,) or None; classes: what the labels are called."""

    images: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.images)


def save(folder: Path, kept: Images) -> None:
    """Write them into the folder of a run, whole or not at all."""
    arrays.save(folder / FILE, kept.labels, kept.classes, images=kept.images)


def load(folder: Path, config: Mapping[str, Any] | None = None) -> Images | None:
    """What was saved in the folder of a run or a pretrained model, or None when there is nothing, something damaged, or other
    images than a run of ``config`` has."""
    found = arrays.load(folder / FILE, {"images": arrays.IMAGES}, **(arrays.sizes_of(config) if config else {}))
    return found and Images(found[0]["images"], *found[1:])
