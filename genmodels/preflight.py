"""A look at the user's own images before training starts: what is there, and what cannot be read. Free of torch."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from genmodels.errors import DataError

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


def decode(source: Path | IO[bytes]) -> Image.Image:
    """The whole image of a file, upright, as "L" or "RGB"; raises what Pillow raises for a file that is no whole image."""
    with Image.open(source) as opened:
        image = ImageOps.exif_transpose(opened)
        image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel; Pillow's own conversion would clip instead of scaling
        return Image.fromarray((np.asarray(image).astype(np.int64).clip(0, 65535) // 257).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        # Transparent means empty paper for most drawings.
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if image.mode in ("L", "1") else "RGB")


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
