"""The user's own images: decoded once, and packed into one memory map."""

from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image, ImageOps

from genmodels.data.dataset import Dataset, Progress, Split, part_of
from genmodels.data.folder_check import PACKED, decode, inspect_folder, packed_for
from genmodels.storage import cache
from genmodels.storage.files import sync, waiting_lock, write_text
from genmodels.storage.paths import home


def load_folder(folder: Path, split: Split, image_size: int, channels: int, progress: Progress) -> Dataset:
    """The images of ``split``, mapped from a packed file on disk; with labels if there are classes. Raises ``DataError``."""
    report = inspect_folder(folder, progress)
    if split == "train":  # once a run, not once a split
        for sentence in report.summary():
            progress(sentence, "info")
        for name, reason in report.unreadable:
            progress(f"{name} is left out: {reason}.", "warning")
    parents = [name.partition("/")[0] for name in report.good]
    labels = np.array([report.classes.index(parent) if report.classes else 0 for parent in parents])
    # Each split has a file of its own: indices into a common one would copy all of it into memory.
    part = part_of(split, labels)
    packed = _pack(folder, [report.good[index] for index in part], split, image_size, channels, progress)
    # Copy on write: torch wants a writable array, and nobody may change the packed file.
    images = torch.from_numpy(np.load(packed, mmap_mode="c"))
    return Dataset(images, torch.from_numpy(labels[part]) if report.classes else None, report.classes)


def _pack(folder: Path, names: list[str], split: Split, image_size: int, channels: int, progress: Progress) -> Path:
    """A file with the images as one array, made anew, in place of the old one, when any of them has changed.

    Goes on where a process that died had come to.
    """
    stats = [(name, (folder / name).stat()) for name in names]
    content = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    packed = cache.cache_file(PACKED, packed_for(folder, split, image_size, channels), content, ".npy")
    if packed.exists():
        return packed
    unfinished, count = packed.with_suffix(".part"), packed.with_suffix(".done")
    with waiting_lock(home() / "locks" / f"{packed.stem}.lock"):
        if packed.exists():  # another process had the lock before
            return packed
        done = int(count.read_text()) if count.exists() and unfinished.exists() else 0
        shape = (len(names), channels, image_size, image_size)
        mode: Literal["r+", "w+"] = "r+" if done else "w+"
        array = np.lib.format.open_memmap(unfinished, mode=mode, dtype=np.uint8, shape=shape)

        def tell(reached: int) -> None:
            progress(f"{reached:,} of {len(names):,} images are packed for {split}ing.", "info")

        for images in cache.in_chunks(
            lambda name: _fit(decode(folder / name), image_size, channels), names, tell, done
        ):
            array[done : done + len(images)] = images
            done += len(images)
            array.flush()
            write_text(count, str(done))
        del array
        unfinished.replace(packed)
        sync(packed.parent)
        count.unlink()
    return packed


def _fit(image: Image.Image, image_size: int, channels: int) -> np.ndarray:
    """The central square, resized: (C, H, W) uint8."""
    square = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (image_size, image_size))
    array = np.asarray(square)
    return array[None] if channels == 1 else array.transpose(2, 0, 1)
