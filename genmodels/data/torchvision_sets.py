"""torchvision's data sets: from the user's folder, from the cache, or downloaded into it, whole or not at all."""

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision.datasets
from torch import Tensor
from torchvision.datasets.utils import extract_archive

from genmodels.data.dataset import Progress, Split
from genmodels.data.download import Bar, DownloadError, download
from genmodels.errors import DataError
from genmodels.language import N_
from genmodels.settings import Settings
from genmodels.storage.files import waiting_lock
from genmodels.storage.paths import home


def load_torchvision(source: str, split: Split, progress: Progress) -> tuple[Tensor, Tensor]:
    """Images uint8 (N, C, H, W) and labels int64 (N,) of ``torchvision.datasets.SOURCE``.

    ``GENMODELS_DATA`` is looked at first and only read, ``.gz`` files included. Raises ``DataError``.
    """
    kind = getattr(torchvision.datasets, source)
    cache, given = home() / "data", Settings.read().data
    for root in [given, cache] if given else [cache]:
        if (loaded := _open(kind, root, split)) is not None:
            return _tensors(loaded)
    with waiting_lock(home() / "locks" / f"{source}.lock"):
        loaded = _open(kind, cache, split)  # it may have come while this process waited
        if loaded is None:
            with _arriving(cache, source) as folder:
                _fill(folder, kind, given, progress)
                loaded = _open(kind, folder, split)
                if loaded is None:  # before it takes the place of what is in the cache
                    raise DataError(
                        N_(
                            "The files of {source} are damaged: replace them in GENMODELS_DATA, or choose the data set "
                            "mnist-sample.",
                            source=source,
                        )
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


@contextmanager
def _arriving(cache: Path, source: str) -> Iterator[Path]:
    """A folder whose files appear in ``cache`` when the block ends well. For one process at a time."""
    folder = cache / f".arriving-{source}"
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    folder.mkdir(parents=True)
    try:
        yield folder
        for part in folder.iterdir():
            target = cache / part.name
            if target.is_dir():
                shutil.rmtree(target)
            part.replace(target)
    finally:
        shutil.rmtree(folder)


def _packed(kind: Any) -> list[tuple[Path, list[str], str]]:
    """The files that a set is published as: where each lies in torchvision's layout, its addresses, and its MD5."""
    if hasattr(kind, "resources"):  # MNIST and its like
        raw = Path(kind.__name__, "raw")
        return [(raw / name, [mirror + name for mirror in kind.mirrors], md5) for name, md5 in kind.resources]
    return [(Path(kind.filename), [kind.url], kind.tgz_md5)]


def _fill(folder: Path, kind: Any, given: Path | None, progress: Progress) -> None:
    """Unpack a set into ``folder``: from ``given`` where its packed files are all there, else from the network."""
    packed = _packed(kind)
    if given and all((given / path).exists() for path, _, _ in packed):
        for path, _, _ in packed:
            _unpack(given / path, (folder / path).parent)
        progress(f"{kind.__name__} unpacked.", "info")
    else:
        _download(packed, folder, kind.__name__, progress)


def _unpack(file: Path, into: Path) -> None:
    """Damaged ones raise ``DataError``. Not by pooch: it asks for the published sums, which files packed by others do not have."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        extract_archive(file, into)
    except (gzip.BadGzipFile, tarfile.TarError, EOFError, zlib.error) as error:
        raise DataError(
            N_("{name} in GENMODELS_DATA is damaged: replace it, or choose the data set mnist-sample.", name=file.name)
        ) from error


def _download(packed: list[tuple[Path, list[str], str]], folder: Path, source: str, progress: Progress) -> None:
    progress(N_("Downloading {source}.", source=source), "info")
    bar = Bar(
        lambda size: progress(
            N_("Downloading {source}: {size:.1f} MB so far.", source=source, size=size / 1000000.0), "info"
        )
    )
    try:
        for path, urls, md5 in packed:
            download(urls, f"md5:{md5}", folder / path, bar)
            extract_archive(folder / path, remove_finished=True)
    except DownloadError as error:
        raise DataError(
            N_(
                "{source} is not on this machine and could not be downloaded: connect to the network once, set GENMODELS_DATA to a "
                "folder that has it, or train on the embedded data set mnist-sample.",
                source=source,
            )
        ) from error
    progress(f"{source} downloaded.", "info")
