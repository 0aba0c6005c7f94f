"""The user's own images: decoded once, and packed into one memory map."""

from pathlib import Path
from typing import Literal

import numpy as np
import torch

from genmodels.config.datasets import ClassFolders
from genmodels.data.dataset import SPLIT_SEED, Dataset, Progress, Split, part_of
from genmodels.data.folder_check import DECODING, PACKED, inspect_folder, packed_for, readable
from genmodels.data.folder_layout import Layout
from genmodels.data.image_file import FEWEST_GREYS, decode, fit
from genmodels.errors import DataError
from genmodels.language import N_
from genmodels.storage import cache
from genmodels.storage.files import sync, waiting_lock, write_text
from genmodels.storage.paths import home


def load_folder(
    folder: Path, split: Split, image_size: int, channels: int, class_folders: ClassFolders, progress: Progress
) -> Dataset:
    """The images of ``split``, mapped from a packed file on disk; with labels if there are classes. Raises ``DataError``."""
    report = inspect_folder(folder, progress, class_folders)
    if split == "train":  # once a run, not once a split
        for sentence in report.summary():
            progress(sentence, "info")
        for name, reason in report.unreadable:
            progress(N_("{name} is left out: {reason}.", name=name, reason=reason), "warning")
    names = _names(report.layout, split)
    # Each split has a file of its own: indices into a common one would copy all of it into memory.
    packed = _pack(folder, names, split, class_folders, image_size, channels, progress)
    # Copy on write: torch wants a writable array, and nobody may change the packed file.
    array = np.load(packed, mmap_mode="c")
    if split == "train" and channels == 1 and report.colourful:
        _must_show_in_grey(array, progress)
    images = torch.from_numpy(array)
    labels = torch.tensor(report.layout.labels(names)) if report.classes else None
    return Dataset(images, labels, report.classes)


def _must_show_in_grey(images: np.ndarray, progress: Progress) -> None:
    """Say how many of images that were in colour, (N, 1, H, W), have lost what they showed; raises ``DataError`` where all have."""
    flat = int((np.ptp(images, axis=(1, 2, 3)) < FEWEST_GREYS).sum())
    lost = N_("In grey, {flat:,} of {n:,} images show hardly more than one grey each", flat=flat, n=len(images))
    if flat == len(images):
        raise DataError(N_("{lost}: choose 3 channels.", lost=lost))
    if flat:
        progress(N_("{lost}: with 3 channels they show more.", lost=lost), "warning")


def told_apart(folder: str, class_folders: ClassFolders) -> list:
    """What tells the training images in a folder from others, as plain values, without reading those that were looked at before;
    raises ``DataError``."""
    path = readable(folder)
    return _content(path, _names(inspect_folder(path, class_folders=class_folders).layout, "train"))


def _content(folder: Path, names: list[str]) -> list:
    stats = [(name, (folder / name).stat()) for name in names]
    return [DECODING, *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)]


def _names(layout: Layout, split: Split) -> list[str]:
    """The images of a split, in a fixed random order."""
    if not layout.test:
        return [layout.train[index] for index in part_of(split, np.array(layout.labels(layout.train)))]
    given = layout.train if split == "train" else layout.test
    return [given[index] for index in np.random.default_rng(SPLIT_SEED).permutation(len(given))]


def _pack(
    folder: Path,
    names: list[str],
    split: Split,
    class_folders: ClassFolders,
    image_size: int,
    channels: int,
    progress: Progress,
) -> Path:
    """A file with the images as one array, made anew, in place of the old one, when any of them has changed.

    Goes on where a process that died had come to.
    """
    content = _content(folder, names)
    packed = cache.cache_file(PACKED, packed_for(folder, split, class_folders, image_size, channels), content, ".npy")
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

        def report(reached: int) -> None:
            progress(
                N_(
                    "{reached:,} of {n:,} images are packed for {split}ing.",
                    reached=reached,
                    n=len(names),
                    split=N_(split),
                ),
                "info",
            )

        for images in cache.in_chunks(
            lambda name: fit(decode(folder / name), image_size, channels), names, report, done
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
