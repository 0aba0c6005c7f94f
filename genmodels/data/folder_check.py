"""A look at the user's own images before training starts: what is there, and what cannot be read. Free of torch."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import Any, TypeVar

from genmodels.config.datasets import IMAGE_SIZES, ClassFolders
from genmodels.data.folder_layout import Layout, arrange
from genmodels.data.image_file import decode, is_colourful, must_show_something, reason
from genmodels.errors import DataError, UserError
from genmodels.language import N_, Message, counted, told
from genmodels.settings import Limits
from genmodels.storage import cache
from genmodels.storage.callbacks import Level
from genmodels.storage.files import files_below, read_text, write_text
from genmodels.storage.printable import printable
from genmodels.storage.progress import following

READ = ".png .jpg .jpeg .jfif .bmp .gif .tif .tiff .webp .avif .ppm .pgm .pbm .pnm"
LEFT_OUT = ".heic .heif .jxl .jp2 .j2k .tga .ico .icns .pcx .psd .svg .eps .dng .cr2 .nef"  # which is better said than passed over
SUFFIXES = {*READ.split(), *LEFT_OUT.split()}
DECODING = 3  # counts the ways in which ``decode`` has made pixels: what was kept of an earlier one is made anew
FEWEST_TRAINED = 2  # images to learn from, beside one to test on
FEW = 20  # one of so many images may be in colour, and the set is still called grey
ELSEWHERE = "elsewhere:"  # before the path that an imported run has brought along
FOLDER = "FOLDER"  # in a command, in place of such a path
Shown = TypeVar("Shown")
Look = tuple[int, int, bool]  # width and height in pixels, and whether there is colour
SIZES, PACKED = "folder", "images"  # in the cache: what is known of a folder's files, and the images of a split
OF_TEST_IMAGES = {"completions", "reconstructions"}  # previews that show some
NOT_SHOWN = N_("This server shows no images of runs that were trained on a folder: choose another run.")
NO_FOLDERS = N_("This server trains on its own data sets alone: choose another one than the folder.")


def elsewhere(folder: str) -> str:
    """The folder of an imported run's config: where its images lay on the machine it comes from, and no path of this one."""
    return folder if not folder or folder.startswith(ELSEWHERE) else ELSEWHERE + folder


def in_words(config: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a config as a reader meets them, in the language that is spoken: an imported run's folder is one on another machine."""
    return _elsewhere_as(told(N_("a folder on another machine")), config)


def to_repeat(config: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a config for the command that gives the same run again, and that ``introduction`` introduces."""
    return _elsewhere_as(FOLDER, config)


def introduction(config: Mapping[str, Any]) -> Message:
    """What to say before that command."""
    if to_repeat(config) == config:
        return N_("The command that gives the same run again:")
    return N_(
        "The command that gives the same run again, where {folder} is the folder with the same images:", folder=FOLDER
    )


def _elsewhere_as(said: str, config: Mapping[str, Any]) -> dict[str, Any]:
    return {**config, **({"folder": said} if str(config.get("folder", "")).startswith(ELSEWHERE) else {})}


def local(folder: str) -> Path:
    """The folder of this machine that a config names. Raises ``DataError`` where it is not its user who named it: a stranger's
    run could have any folder of the server read and shown."""
    if folder.startswith(ELSEWHERE):
        raise DataError(
            N_(
                "The images of this imported run stay where it comes from: its owner can point it to"
                " a folder of this machine on the page Runs."
            )
        )
    return Path(os.path.expanduser(folder))  # Path's own raises where there is no such user


def readable(folder: str) -> Path:
    """As ``local``, for whoever is about to read the images: raises ``DataError`` also where this server reads no folders, of
    whatever run, and whoever looks."""
    if not Limits.read().own_images:
        raise DataError(NO_FOLDERS)
    return local(folder)


def may_show(config: Mapping[str, Any]) -> bool:
    """Whether one may see the images that a run of ``config`` was trained or tested on, also those that it has kept."""
    return config.get("dataset") != "folder" or Limits.read().own_images


def require_shown(config: Mapping[str, Any]) -> None:
    """Raise ``DataError`` unless ``may_show``."""
    if not may_show(config):
        raise DataError(NOT_SHOWN)


def shown_previews(config: Mapping[str, Any], previews: Mapping[str, Shown]) -> dict[str, Shown]:
    """Those of the previews of a run of ``config``, by name, that one may see."""
    return {name: value for name, value in previews.items() if name not in OF_TEST_IMAGES or may_show(config)}


def require_folder(folder: Path) -> None:
    """Raise ``DataError`` when there is no such folder."""
    if os.path.isdir(folder):  # a Path's own raises for a name that is too long for the disk
        return
    if not str(folder).strip():
        raise DataError(
            N_("The name of the folder is blank: give the path of a folder with images on the training machine.")
        )
    named = printable(str(folder)[:200])
    if named != named.strip():
        named = f'"{named}"'  # else nobody sees the blanks
    raise DataError(
        N_(
            "There is no folder {folder}: give the path of a folder with images on the training machine.",
            folder=named,
        )
    )


def require_enough(folder: Path, layout: Layout, left_out: Sequence[tuple[str, str]] = ()) -> None:
    """Raise ``DataError`` where there are too few images to train on and to test on, which says why the first of those that are
    ``left_out`` is."""
    fewest = FEWEST_TRAINED if layout.test else FEWEST_TRAINED + 1  # one of them is held out
    if len(layout.train) < fewest:
        why = (
            N_(
                " {first} is left out ({n:,} in all): {reason}.",
                first=left_out[0][0],
                n=len(left_out),
                reason=left_out[0][1],
            )
            if left_out
            else ""
        )
        raise DataError(
            counted(
                "{folder} has {n} readable image to train on: at least {fewest} are needed, better some hundreds.{why}",
                "{folder} has {n} readable images to train on: at least {fewest} are needed, better some hundreds.{why}",
                folder=printable(str(folder)),
                n=len(layout.train),
                fewest=fewest,
                why=why,
            )
        )


@dataclass(frozen=True)
class FolderReport:
    """What is in a folder: good images by relative name, how they are laid out, those that are left out with the reason, the
    sizes, and how many show colours."""

    good: tuple[str, ...]
    layout: Layout
    unreadable: tuple[tuple[str, str], ...]
    sizes: Counter
    colourful: int

    @property
    def classes(self) -> tuple[str, ...]:
        return self.layout.classes

    def summary(self) -> list[str]:
        """How many, of which classes and sizes, and how they are understood, in plain sentences."""
        kinds = (
            counted(
                " in {n} class ({classes})",
                " in {n} classes ({classes})",
                len(self.classes),
                classes=", ".join(self.classes),
            )
            if self.classes
            else N_(", without labels")
        )
        sizes = ", ".join(f"{width}x{height} ({count})" for (width, height), count in self.sizes.most_common(5))
        colours = [N_("In colour: {colourful:,}.", colourful=self.colourful)] if self.colourful else []
        return [
            counted("{n} image{kinds}.", "{n} images{kinds}.", len(self.good), kinds=kinds),
            N_("Sizes: {sizes}.", sizes=sizes),
            *colours,
            *self.layout.remarks,
        ]

    def suggestion(self) -> tuple[int, int]:
        """The image size that the middle one of the images fills, and the channels that show more than a few of them as they are."""
        sides = sorted(min(size) for size in self.sizes.elements())
        fitting = [size for size in IMAGE_SIZES if size <= sides[len(sides) // 2]]
        return max(fitting, default=min(IMAGE_SIZES)), 3 if self.colourful * FEW > len(self.good) else 1


def inspect_folder(
    folder: Path,
    progress: Callable[[str, Level], None] = lambda text, level: None,
    class_folders: ClassFolders = "auto",
) -> FolderReport:
    """Decode every image under ``folder``, good ones only once while none changes; raises ``DataError`` when there is nothing to train on."""
    require_folder(folder)
    there = sorted(image_files(folder))
    files = [(path.relative_to(folder).as_posix(), stat.st_size, stat.st_mtime_ns) for path, stat in there]
    kept = cache.cache_file(SIZES, [str(folder.resolve())], [DECODING, *files], ".json")
    looks: dict[str, Look] = json.loads(read_text(kept) or "{}")
    # Each time, since what failed may have been the disk or the rights.
    unknown = [name for name, _, _ in files if name not in looks]
    found, unreadable = _decode_all(folder, unknown, progress)
    if found:
        looks |= found
        write_text(kept, json.dumps(looks))
    good = [name for name, _, _ in files if name in looks]
    layout = arrange(good, class_folders)
    require_enough(folder, layout, unreadable)
    sizes = Counter((width, height) for width, height, _ in looks.values())
    return FolderReport(tuple(good), layout, tuple(unreadable), sizes, sum(look[2] for look in looks.values()))


def packed_for(folder: Path, split: str, class_folders: str, image_size: int, channels: int) -> list[Any]:
    """What the cache knows the packed images of a split by."""
    return [str(folder.resolve()), split, class_folders, image_size, channels]


def drop_caches(root: Path, configs: Iterable[Mapping[str, Any]]) -> None:
    """Remove from the cache in ``root`` what was made of the images of folders, but not what runs of these ``configs`` need,
    who share it."""
    kept: list[tuple[str, list]] = []
    for config in (config for config in configs if config.get("dataset") == "folder"):
        with suppress(UserError, OSError, RuntimeError, ValueError):  # no path of this machine, or none at all
            folder = local(config["folder"])
            kept.append((SIZES, [str(folder.resolve())]))
            for split in ("train", "test"):
                layout = config.get("class_folders", "auto"), config["image_size"], config["channels"]
                kept.append((PACKED, packed_for(folder, split, *layout)))
    cache.drop_others(root, (SIZES, PACKED), kept)


def _decode_all(
    folder: Path, names: list[str], progress: Callable[[str, Level], None]
) -> tuple[dict[str, Look], list[tuple[str, str]]]:
    """What the good ones among ``names`` look like, and the others, as text, with what is wrong with them."""

    def look(name: str) -> Look | str:
        try:
            image = decode(folder / name)
            must_show_something(image)  # what an earlier version has looked at stays, and so do its runs
            return image.width, image.height, is_colourful(image)
        except Exception as error:  # Pillow's many readers fail in as many ways
            return reason(error)

    def report(reached: int) -> None:
        progress(N_("{reached:,} of {n:,} images are looked at.", reached=reached, n=len(names)), "info")

    chunks = following(cache.in_chunks(look, names, report), len(names), N_("looking at images"))
    looks = dict(zip(names, chain.from_iterable(chunks), strict=True))
    good = {name: seen for name, seen in looks.items() if not isinstance(seen, str)}
    return good, [(printable(name), seen) for name, seen in looks.items() if isinstance(seen, str)]


def image_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All files that look like images, each with its size and dates."""
    return ((path, found) for path, found in files_below(folder) if looks_like_image(path.relative_to(folder)))


def looks_like_image(name: PurePath) -> bool:
    """By its name within a folder; what is hidden, or in a hidden folder, are thumbnails and the like."""
    return name.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in name.parts)
