"""Arrays of images and what belongs to them in one file, whole or not at all. Free of torch, and without pickles."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genmodels.storage.files import replacing

# The last two are of a header that asks for more than there is memory, or numbers.
DAMAGES = (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, MemoryError, OverflowError)


def save(path: Path, labels: np.ndarray | None, classes: Sequence[str], **arrays: np.ndarray) -> None:
    """Write arrays by name, with the ``labels`` if there are any, and what these are called."""
    if labels is not None:
        arrays["labels"] = labels
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, classes=np.array(classes, dtype=str), **arrays)


def load(path: Path, *names: str) -> tuple[dict[str, np.ndarray], np.ndarray | None, tuple[str, ...]] | None:
    """The arrays of those names, the labels and what they are called; None when there is no such file, or a damaged one."""
    try:
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in names}, found.get("labels"), tuple(found["classes"].tolist())
    except DAMAGES:
        return None
