"""Arrays of images and what belongs to them in one file, whole or not at all. Free of torch, and without pickles.

A file may have come in a stranger's zip, and pages rely on what is in it. So only what ``save`` could have written is loaded.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from genmodels.storage.files import replacing

MOST_BYTES = 2**29  # unpacked: twice what 10,000 colour images of 64 x 64 pixels and their reconstructions take
LARGEST = 1e9  # of numbers, whose squares can still be summed in single precision
LONGEST_CLASS = 255  # characters, as of the name of a folder, which a class may be called after


class Form(NamedTuple):
    """What an array must be: its dtype, and a letter for each axis, which stands for one size in all arrays of a file."""

    dtype: type[np.generic]
    axes: str


IMAGES = Form(np.uint8, "NCHW")


def sizes_of(config: Mapping[str, Any]) -> dict[str, int]:
    """The sizes of the axes of ``IMAGES`` that a run of ``config`` has."""
    return {"C": config["channels"], "H": config["image_size"], "W": config["image_size"]}


def save(path: Path, labels: np.ndarray | None, classes: Sequence[str], **arrays: np.ndarray) -> None:
    """Write arrays by name, with the int64 ``labels`` (N,) if there are any, and what these are called."""
    if labels is not None:
        arrays["labels"] = labels
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, classes=np.array(classes, dtype=str), **arrays)


def load(
    path: Path, forms: Mapping[str, Form], **sizes: int
) -> tuple[dict[str, np.ndarray], np.ndarray | None, tuple[str, ...]] | None:
    """The arrays that ``forms`` names, the labels and what they are called; ``sizes``: those of axes that are known.

    None when there is no such file, a damaged one, or one whose arrays do not fit the forms, the sizes and each other.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            if sum(member.file_size for member in file.zip.infolist()) > MOST_BYTES:
                return None
            found = {name: file[name] for name in forms}
            labels, classes = file.get("labels"), file["classes"]
    except Exception:  # numpy and zipfile fail in many ways on what is no such file
        return None
    if not all(_fits(found[name], form, sizes) for name, form in forms.items()):
        return None
    return (found, labels, tuple(classes.tolist())) if _are_labels(labels, classes, sizes["N"]) else None


def load_one(path: Path, form: Form, **sizes: int) -> np.ndarray | None:
    """The array of a ``.npy`` file; None as for ``load``."""
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)  # which may say that it is larger than the memory
        return np.array(found) if _fits(found, form, sizes) else None
    except Exception:  # as above
        return None


def moderate(numbers: np.ndarray) -> bool:
    """Whether all are finite, and none is so large that sums of their squares would not be."""
    largest = min(LARGEST, float(np.finfo(numbers.dtype).max))  # more than half precision can say would be its infinity
    return bool((np.abs(numbers) <= largest).all())


def _fits(array: np.ndarray, form: Form, sizes: dict[str, int]) -> bool:
    """Whether it is of that form and not empty; ``sizes`` learns those of its axes."""
    if array.dtype != form.dtype or array.ndim != len(form.axes) or not array.size:
        return False
    if any(sizes.setdefault(axis, size) != size for axis, size in zip(form.axes, array.shape, strict=True)):
        return False
    return array.dtype.kind != "f" or moderate(array)


def _are_labels(labels: np.ndarray | None, classes: np.ndarray, n: int) -> bool:
    if classes.dtype.kind != "U" or classes.ndim != 1 or classes.dtype.itemsize > 4 * LONGEST_CLASS:
        return False
    if labels is None:
        return True
    return labels.shape == (n,) and labels.dtype == np.int64 and 0 <= labels.min() <= labels.max() < len(classes)
