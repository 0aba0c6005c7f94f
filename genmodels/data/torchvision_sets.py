"""torchvision's data sets: from the user's folder, from the cache, or downloaded into it, whole or not at all."""

import gzip
import shutil
import socket
import tarfile
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision.datasets
from torch import Tensor
from torchvision.datasets.utils import extract_archive

from genmodels.data.dataset import Progress, Split
from genmodels.errors import DataError
from genmodels.settings import Settings
from genmodels.storage.paths import home

DOWNLOAD_TIMEOUT = 20.0  # seconds without a byte
TELL_SECONDS = 3.0
LEFT_SECONDS = 24 * 3600.0  # after which a folder of half a download belongs to a process that was killed


def load_torchvision(source: str, split: Split, progress: Progress) -> tuple[Tensor, Tensor]:
    """Images uint8 (N, C, H, W) and labels int64 (N,) of ``torchvision.datasets.SOURCE``.

    ``GENMODELS_DATA`` is looked at first and only read, ``.gz`` files included. Raises ``DataError``.
    """
    kind = getattr(torchvision.datasets, source)
    cache = home() / "data"
    given = Settings.read().data
    for root in [given, cache] if given else [cache]:
        if (loaded := _open(kind, root, split)) is not None:
            return _tensors(loaded)
    with _whole_folder(cache) as temporary:
        if given and _unpack(kind, given, temporary):
            progress(f"{source} unpacked.", "info")
        else:
            with _telling_the_size(temporary, source, progress):
                _download(kind, temporary, source)
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


def _unpack(kind: Any, given: Path, target: Path) -> bool:
    """Unpack the set's packed files from ``given``; whether they were all there. Damaged ones raise ``DataError``."""
    # The published sums are not asked for: the archives' own hold for files packed by somebody else too.
    if archive := getattr(kind, "filename", None):  # CIFAR-10 is one archive
        packed, into = [given / archive], target
    else:
        packed = [given / kind.__name__ / "raw" / name for name, _ in kind.resources]
        into = target / kind.__name__ / "raw"
    if not all(file.exists() for file in packed):
        return False
    into.mkdir(parents=True, exist_ok=True)
    for file in packed:
        try:
            extract_archive(str(file), str(into)) if archive else _gunzip(file, into)
        except (gzip.BadGzipFile, tarfile.TarError, EOFError, zlib.error) as error:
            raise DataError(
                f"{file.name} in GENMODELS_DATA is damaged: replace it, or choose the data set mnist-sample."
            ) from error
    return True


def _gunzip(file: Path, into: Path) -> None:
    with gzip.open(file) as packed, (into / file.name.removesuffix(".gz")).open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)


@contextmanager
def _telling_the_size(folder: Path, source: str, progress: Progress) -> Iterator[None]:
    """Tell now and then how much has arrived in ``folder``; torchvision tells it to the terminal only."""
    done = threading.Event()

    def tell() -> None:
        while not done.wait(TELL_SECONDS):
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            progress(f"Downloading {source}: {size / 1e6:.1f} MB so far.", "info")

    progress(f"Downloading {source}.", "info")
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
    progress(f"{source} downloaded.", "info")


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
def _whole_folder(cache: Path) -> Iterator[Path]:
    """A temporary folder whose files appear in ``cache`` only when the block ends well."""
    cache.mkdir(parents=True, exist_ok=True)
    for left in cache.glob(".arriving-*"):
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".arriving-", dir=cache) as name:
        temporary = Path(name)
        yield temporary
        for part in temporary.iterdir():
            target = cache / part.name
            if target.is_dir():
                shutil.rmtree(target)
            part.replace(target)
