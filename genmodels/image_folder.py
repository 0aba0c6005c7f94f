"""The user's own images: looked at before training, decoded once, and packed into one memory map."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from genmodels.data import Dataset, Progress, Split, part_of
from genmodels.errors import DataError
from genmodels.files import replacing
from genmodels.paths import home

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}
FEWEST = 3  # images: two to learn from, one to test on


@dataclass(frozen=True)
class FolderReport:
    """What is in a folder: good images by relative name, those that cannot be read with the reason, and the sizes."""

    good: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]
    sizes: Counter
    classes: tuple[str, ...]

    def summary(self) -> list[str]:
        """How many, of which classes and sizes, in plain sentences."""
        kinds = f" in {len(self.classes)} classes ({', '.join(self.classes)})" if self.classes else ", without labels"
        sizes = ", ".join(f"{width}x{height} ({count})" for (width, height), count in self.sizes.most_common(5))
        return [f"{len(self.good)} images{kinds}.", f"Sizes: {sizes}."]


def inspect_folder(folder: Path) -> FolderReport:
    """Decode every image under ``folder`` once; raises ``DataError`` when there is nothing to train on."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}: give the path of a folder with images on the training machine.")
    stats = ((path, path.stat()) for path in _files(folder))
    files = tuple((path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in stats)
    return _inspect(folder, files)


@lru_cache(maxsize=1)  # both splits are loaded, one after the other
def _inspect(folder: Path, files: tuple[tuple[str, int, int], ...]) -> FolderReport:
    """files: relative name, size and time of change."""
    good: list[str] = []
    unreadable: list[tuple[str, str]] = []
    sizes: Counter = Counter()
    for name, _, _ in files:
        try:
            sizes[decode(folder / name).size] += 1
            good.append(name)
        except Exception as error:  # Pillow's many readers fail in as many ways
            unreadable.append((name, _reason(error)))
    if len(good) < FEWEST:
        raise DataError(
            f"{folder} has {len(good)} readable images: at least {FEWEST} are needed, better some hundreds."
        )
    parents = {name.partition("/")[0] if "/" in name else "" for name in good}
    classes = tuple(sorted(parents)) if "" not in parents else ()
    return FolderReport(tuple(good), tuple(unreadable), sizes, classes)


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


def decode(path: Path) -> Image.Image:
    """The whole image, upright, as "L" or "RGB"; raises what Pillow raises for a file that is no whole image."""
    with Image.open(path) as opened:
        image = ImageOps.exif_transpose(opened)
        image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel; Pillow's own conversion would clip instead of scaling
        return Image.fromarray((np.asarray(image).astype(np.int64).clip(0, 65535) // 257).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        # Transparent means empty paper for most drawings.
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if image.mode in ("L", "1") else "RGB")


def _fit(image: Image.Image, image_size: int, channels: int) -> np.ndarray:
    """The central square, resized: (C, H, W) uint8."""
    square = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (image_size, image_size))
    array = np.asarray(square)
    return array[None] if channels == 1 else array.transpose(2, 0, 1)


def _files(folder: Path) -> list[Path]:
    """All files that look like images; what is hidden, or in a hidden folder, are thumbnails and the like."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.is_file()
    )


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "it is not an image"
    if isinstance(error, Image.DecompressionBombError):
        return "it has too many pixels"
    if isinstance(error, PermissionError):
        return "it may not be read"
    return "it is truncated or damaged"
