"""The user's own images: decoded once, and packed into one memory map."""

import hashlib
import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from genmodels.data import Dataset, Progress, Split, part_of
from genmodels.files import replacing
from genmodels.paths import home
from genmodels.preflight import decode, inspect_folder


def load_folder(folder: Path, split: Split, image_size: int, channels: int, progress: Progress) -> Dataset:
    """The images of ``split``, mapped from a packed file on disk; with labels if there are classes. Raises ``DataError``."""
    report = inspect_folder(folder)
    if split == "train":  # once a run, not once a split
        for sentence in report.summary():
            progress(sentence, "info")
        for name, reason in report.unreadable:
            progress(f"{name} is left out: {reason}.", "warning")
    parents = [name.partition("/")[0] for name in report.good]
    labels = np.array([report.classes.index(parent) if report.classes else 0 for parent in parents])
    # Each split has a file of its own: indices into a common one would copy all of it into memory.
    part = part_of(split, labels)
    packed = _pack(folder, [report.good[index] for index in part], split, image_size, channels)
    # Copy on write: torch wants a writable array, and nobody may change the packed file.
    images = torch.from_numpy(np.load(packed, mmap_mode="c"))
    return Dataset(images, torch.from_numpy(labels[part]) if report.classes else None, report.classes)


def _pack(folder: Path, names: list[str], split: Split, image_size: int, channels: int) -> Path:
    """A file with the images as one array, made anew, in place of the old one, when any of them has changed."""
    stats = [(name, (folder / name).stat()) for name in names]
    purpose = _digest([str(folder.resolve()), split, image_size, channels])
    content = _digest([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
    packed = home() / "cache" / f"images-{purpose}-{content}.npy"
    if not packed.exists():
        packed.parent.mkdir(parents=True, exist_ok=True)
        for outdated in packed.parent.glob(f"images-{purpose}-*.npy"):
            outdated.unlink()
        with replacing(packed) as temporary:
            shape = (len(names), channels, image_size, image_size)
            array = np.lib.format.open_memmap(temporary, mode="w+", dtype=np.uint8, shape=shape)
            for index, name in enumerate(names):
                array[index] = _fit(decode(folder / name), image_size, channels)
            array.flush()
    return packed


def _digest(values: list) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def _fit(image: Image.Image, image_size: int, channels: int) -> np.ndarray:
    """The central square, resized: (C, H, W) uint8."""
    square = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (image_size, image_size))
    array = np.asarray(square)
    return array[None] if channels == 1 else array.transpose(2, 0, 1)
