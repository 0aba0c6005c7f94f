"""Test images that a finished run keeps, so that it can be looked at without its data. Free of torch."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from genmodels.files import replacing

FILE = "test-images.npz"
KEPT = 2000


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
    arrays = {"images": kept.images, "classes": np.array(kept.classes, dtype=str)}
    if kept.labels is not None:
        arrays["labels"] = kept.labels
    with replacing(folder / FILE) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def load(folder: Path) -> Images | None:
    """What was saved in the folder of a run or a shipped model, or None when there is nothing, or something damaged."""
    try:
        with np.load(folder / FILE, allow_pickle=False) as arrays:
            return Images(arrays["images"], arrays.get("labels"), tuple(arrays["classes"].tolist()))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
