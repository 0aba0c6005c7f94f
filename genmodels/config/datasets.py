"""The data sets one can choose, described without loading them (or torch)."""

from dataclasses import dataclass
from typing import Literal

ClassFolders = Literal[
    "auto", "outermost", "innermost", "none"
]  # of a user's own images: which folders are the classes
IMAGE_SIZES = (28, 32, 64)

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class DatasetInfo:
    """title: as shown; source: class in ``torchvision.datasets`` if it comes from there; ``train``: images to learn from, 0 where
    that is known only when they are looked at; ``image_size`` and ``channels``: what a run has unless it says otherwise."""

    title: str
    classes: tuple[str, ...]
    source: str = ""
    train: int = 0
    image_size: int = 28
    channels: int = 1


DATASETS = {
    "mnist-sample": DatasetInfo("MNIST sample, 5,000 digits", DIGITS, train=4_000),
    "mnist": DatasetInfo("MNIST, 70,000 digits", DIGITS, "MNIST", 60_000),
    "fashion-mnist": DatasetInfo(
        "Fashion-MNIST, 70,000 pieces of clothing",
        ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
        "FashionMNIST",
        60_000,
    ),
    "kmnist": DatasetInfo(
        "KMNIST, 70,000 cursive Japanese characters",
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        "KMNIST",
        60_000,
    ),
    "cifar10": DatasetInfo(
        "CIFAR-10, 60,000 colour photographs",
        ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        "CIFAR10",
        50_000,
        image_size=32,
        channels=3,
    ),
    "folder": DatasetInfo("Your own images", ()),
}
