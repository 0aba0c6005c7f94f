"""A look at the user's own images before training starts: what is there, and what cannot be read. Free of torch."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from genmodels.errors import DataError, UserError
from genmodels.settings import Limits
from genmodels.storage import cache
from genmodels.storage.callbacks import Level
from genmodels.storage.files import files_below, read_text, write_text
from genmodels.storage.progress import following

SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm"}
MOST_PIXELS = 50_000_000  # of an image, which takes ten bytes a pixel while it is read: more than most cameras make
FEWEST = 3  # images: two to learn from, one to test on
ELSEWHERE = "elsewhere:"  # before the path that an imported run has brought along
SIZES, PACKED = "folder", "images"  # in the cache: what is known of a folder's files, and the images of a split
NO_FOLDERS = "This server trains on its own data sets alone: choose another one than the folder."


def elsewhere(folder: str) -> str:
    """The folder of an imported run's config: where its images lay on the machine it comes from, and no path of this one."""
    return folder if not folder or folder.startswith(ELSEWHERE) else ELSEWHERE + folder


def local(folder: str) -> Path:
    """The folder of this machine that a config names. Raises ``DataError`` where it is not its user who named it: a stranger's
    run could have any folder of the server read and shown."""
    if folder.startswith(ELSEWHERE):
        raise DataError(
            f"The images of this imported run stay where it comes from ({folder.removeprefix(ELSEWHERE)}): "
            "its owner can point it to a folder of this machine on the page Runs."
        )
    return Path(folder).expanduser()


def readable(folder: str) -> Path:
    """As ``local``, for whoever is about to read the images: raises ``DataError`` also where this server reads no folders, of
    whatever run, and whoever looks."""
    if not Limits.read().own_images:
        raise DataError(NO_FOLDERS)
    return local(folder)


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


def inspect_folder(folder: Path, progress: Callable[[str, Level], None] = lambda text, level: None) -> FolderReport:
    """Decode every image under ``folder``, good ones only once while none changes; raises ``DataError`` when there is nothing to train on."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}: give the path of a folder with images on the training machine.")
    there = sorted(image_files(folder))
    files = [(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in there]
    kept = cache.cache_file(SIZES, [str(folder.resolve())], files, ".json")
    sizes: dict[str, list[int]] = json.loads(read_text(kept) or "{}")
    # Each time, since what failed may have been the disk or the rights.
    unknown = [name for name, _, _ in files if name not in sizes]
    found, unreadable = _decode_all(folder, unknown, progress)
    if found:
        sizes |= found
        write_text(kept, json.dumps(sizes))
    good = [name for name, _, _ in files if name in sizes]
    if len(good) < FEWEST:
        raise DataError(
            f"{folder} has {len(good)} readable images: at least {FEWEST} are needed, better some hundreds."
        )
    parents = {name.partition("/")[0] if "/" in name else "" for name in good}
    classes = tuple(sorted(parents)) if "" not in parents else ()
    return FolderReport(tuple(good), tuple(unreadable), Counter((w, h) for w, h in sizes.values()), classes)


def packed_for(folder: Path, split: str, image_size: int, channels: int) -> list[Any]:
    """What the cache knows the packed images of a split by."""
    return [str(folder.resolve()), split, image_size, channels]


def drop_caches(root: Path, configs: Iterable[Mapping[str, Any]]) -> None:
    """Remove from the cache in ``root`` what was made of the images of folders, but not what runs of these ``configs`` need,
    who share it."""
    kept: list[tuple[str, list]] = []
    for config in (config for config in configs if config.get("dataset") == "folder"):
        with suppress(UserError, OSError, RuntimeError, ValueError):  # no path of this machine, or none at all
            folder = local(config["folder"])
            kept.append((SIZES, [str(folder.resolve())]))
            for split in ("train", "test"):
                kept.append((PACKED, packed_for(folder, split, config["image_size"], config["channels"])))
    cache.drop_others(root, (SIZES, PACKED), kept)


def _decode_all(
    folder: Path, names: list[str], progress: Callable[[str, Level], None]
) -> tuple[dict[str, list[int]], list[tuple[str, str]]]:
    """The sizes of the good ones among ``names``, and the others with what is wrong with them."""

    def look(name: str) -> list[int] | str:
        try:
            return list(decode(folder / name).size)
        except Exception as error:  # Pillow's many readers fail in as many ways
            return reason(error)

    def tell(reached: int) -> None:
        progress(f"{reached:,} of {len(names):,} images are looked at.", "info")

    chunks = following(cache.in_chunks(look, names, tell), len(names), "looking at images")
    looks = dict(zip(names, chain.from_iterable(chunks), strict=True))
    good = {name: seen for name, seen in looks.items() if not isinstance(seen, str)}
    return good, [(name, seen) for name, seen in looks.items() if isinstance(seen, str)]


def decode(source: Path | IO[bytes]) -> Image.Image:
    """The whole image of a file, upright, as "L" or "RGB"; raises what Pillow raises for a file that is no whole image."""
    with Image.open(source) as opened:
        if opened.width * opened.height > MOST_PIXELS:  # told by the header, before any is unpacked
            raise Image.DecompressionBombError
        image = ImageOps.exif_transpose(opened)
        image.load()
    if image.mode.startswith("I"):  # 16 bits a pixel; Pillow's own conversion would clip instead of scaling
        return Image.fromarray((np.asarray(image).astype(np.int64).clip(0, 65535) // 257).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        # Transparent means empty paper for most drawings.
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("L" if image.mode in ("L", "1") else "RGB")


def image_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All files that look like images, each with its size and dates; what is hidden, or in a hidden folder, are thumbnails and
    the like."""
    return (
        (path, found)
        for path, found in files_below(folder)
        if path.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def reason(error: Exception) -> str:
    """What is wrong with an image that ``decode`` could not read."""
    if isinstance(error, UnidentifiedImageError):
        return "it is not an image"
    if isinstance(error, Image.DecompressionBombError):
        return "it has too many pixels"
    if isinstance(error, PermissionError):
        return "it may not be read"
    return "it is truncated or damaged"
