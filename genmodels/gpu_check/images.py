"""Random images that a run of the check is trained on in the place of a data set, made anew in each process that asks."""

import torch
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DIGITS
from genmodels.data.dataset import Dataset, Progress, Split

STEPS = 8  # in an epoch over few images
MANY = {"train": 60_000, "test": 10_000}  # as MNIST


def few(config: RunConfig, split: Split, progress: Progress = lambda text, level: None) -> Dataset:
    """For an epoch of some steps."""
    return _random(config, split, (STEPS if split == "train" else 1) * config.batch_size)


def many(config: RunConfig, split: Split, progress: Progress = lambda text, level: None) -> Dataset:
    """As many as MNIST has, for the usual course of a training."""
    return _random(config, split, MANY[split])


def _random(config: RunConfig, split: Split, n: int) -> Dataset:
    generator = torch.Generator().manual_seed(int(split == "test"))
    shape = (n, config.channels, config.image_size, config.image_size)
    images = torch.randint(256, shape, dtype=torch.uint8, generator=generator)
    return Dataset(images, torch.arange(n) % len(DIGITS), DIGITS)


class Pictures(torch.utils.data.Dataset):
    """The images of a set as a script has them: each becomes a tensor when it is asked for, by what torchvision's ``ToTensor`` does to
    an array, and, where they are to be ``symmetric``, in [-1, 1], its ``Normalize``. No image is made by PIL in between, which would
    take longer.
    """

    def __init__(self, dataset: Dataset, symmetric: bool) -> None:
        assert dataset.labels is not None
        self.arrays, self.labels = dataset.images.permute(0, 2, 3, 1).numpy(), dataset.labels.tolist()
        self.symmetric = symmetric

    def __len__(self) -> int:
        return len(self.arrays)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        image = torch.from_numpy(self.arrays[index].transpose(2, 0, 1)).contiguous().float().div(255)
        return image.sub(0.5).div(0.5) if self.symmetric else image, self.labels[index]
