"""torchvision's data sets: from the user's folder, from the cache, or downloaded into it, whole or not at all."""

import gzip
import os
import shutil
import socket
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision.datasets
from torch import Tensor

from genmodels.data import Split
from genmodels.errors import DataError
from genmodels.paths import home

DOWNLOAD_TIMEOUT = 20.0  # seconds without a byte


def load_torchvision(source: str, split: Split, progress: Callable[[str, float], None]) -> tuple[Tensor, Tensor]:
    """Images uint8 (N, C, H, W) and labels int64 (N,) of ``torchvision.datasets.SOURCE``.

    ``GENMODELS_DATA`` is looked at first and only read, ``.gz`` files included. Raises ``DataError``.
    """
    kind = getattr(torchvision.datasets, source)
    cache = home() / "data"
    given = os.environ.get("GENMODELS_DATA")
    for root in [Path(given).expanduser(), cache] if given else [cache]:
        if (loaded := _open(kind, root, split)) is not None:
            return _tensors(loaded)
    with _whole_folder(cache, source) as temporary:
        if given and _unpack(kind, Path(given).expanduser() / source / "raw", temporary / source / "raw"):
            progress(f"{source} unpacked", 1.0)
        else:
            progress(f"Downloading {source}", 0.0)
            _download(kind, temporary, source)
            progress(f"{source} downloaded", 1.0)
        # Before they take the place of what is in the cache.
        loaded = _open(kind, temporary, split)
        if loaded is None:
            raise DataError(
                f"The files of {source} are damaged: replace them in GENMODELS_DATA, or choose the data set mnist-sample."
            )
    return _tensors(loaded)


def _open(kind: Any, root: Path, split: Split) -> Any | None:
    """The data set in ``root``, or None when it is not there whole."""
    try:
        return kind(root, train=split == "train", download=False)
    except Exception:  # damaged files make torchvision's readers fail in any way, asserts and look-ups among them
        return None


def _tensors(dataset: Any) -> tuple[Tensor, Tensor]:
    images = torch.as_tensor(np.asarray(dataset.data))
    images = images.unsqueeze(1) if images.ndim == 3 else images.permute(0, 3, 1, 2)
    return images.contiguous(), torch.as_tensor(np.asarray(dataset.targets)).long()


def _unpack(kind: Any, source: Path, target: Path) -> bool:
    """Unpack the set's ``.gz`` files from ``source``; whether they were all there. Damaged ones raise ``DataError``."""
    files = getattr(kind, "resources", [])
    if not files or not all((source / name).exists() for name, _ in files):
        return False
    target.mkdir(parents=True)
    for name, _ in files:
        # The sums are those of the files as published; gzip's own checksum holds for files packed by somebody else too.
        try:
            with gzip.open(source / name) as packed, (target / name.removesuffix(".gz")).open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise DataError(
                f"{name} in GENMODELS_DATA is damaged: replace it, or choose the data set mnist-sample."
            ) from error
    return True


def _download(kind: Any, root: Path, source: str) -> None:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT)
    try:
        kind(root, download=True)
    except (RuntimeError, OSError, HTTPException) as error:
        raise DataError(
            f"{source} is not on this machine and could not be downloaded: choose the embedded data set mnist-sample, "
            "or set GENMODELS_DATA to a folder that has it."
        ) from error
    finally:
        socket.setdefaulttimeout(before)


@contextmanager
def _whole_folder(cache: Path, source: str) -> Iterator[Path]:
    """A temporary folder whose files appear in ``cache`` only when the block ends well."""
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".arriving-", dir=cache) as name:
        temporary = Path(name)
        yield temporary
        for part in temporary.iterdir():
            target = cache / part.name
            if target.is_dir():
                shutil.rmtree(target)
            part.replace(target)
