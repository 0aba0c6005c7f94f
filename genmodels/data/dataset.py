"""A data set as one uint8 tensor of images, with labels where there are any."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from genmodels.config.splits import Split
from genmodels.data.transfer import Labelled, copied_ahead, to_device
from genmodels.storage.callbacks import Level
from genmodels.storage.hashing import digest

MEMORY_LIMIT = 4 * 2**30  # bytes of images that are held on the device; larger sets are streamed from disk
SPLIT_SEED = 0  # which of the images are held out never depends on the run's own seed
CPU = torch.device("cpu")
CHUNK = 10_000  # images resized, or looked at, at a time

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

    def batch(self, indices: Tensor) -> Labelled:
        """Images and labels at ``indices``, on the set's device."""
        images, labels = self._chosen(to_device(indices, self.images.device))
        return to_device(images, self.device), None if labels is None else to_device(labels, self.device)

    def batches(self, indices: Tensor) -> Iterator[Labelled]:
        """``batch`` of each row of ``indices`` (S, B), none of which makes the host wait for the device."""
        if self.images.device.type == self.device.type:
            return map(self.batch, to_device(indices, self.device))  # copied once for all
        return copied_ahead(map(self._chosen, indices), self.device)

    def _chosen(self, indices: Tensor) -> Labelled:
        """Images and labels at ``indices``, where the images are."""
        labels = None if self.labels is None else self.labels[indices]
        return self.images.index_select(0, indices), labels  # several times as fast as images[indices]

    def first(self, count: int) -> "Dataset":
        """The first ``count`` images, or all where there are no more: of the sets here, which come in no order, a random sample."""
        labels = None if self.labels is None else self.labels[:count]
        return replace(self, images=self.images[:count], labels=labels)

    def last(self, count: int) -> "Dataset":
        """The last ``count`` images, at least one."""
        return replace(self, images=self.images[-count:], labels=None if self.labels is None else self.labels[-count:])

    def at(self, indices: Tensor) -> "Dataset":
        """The images at ``indices`` (N,), in that order, as a set of its own in memory."""
        images, labels = self._chosen(indices)
        return replace(self, images=images, labels=labels)

    def ordered(self, classes: Sequence[str]) -> "Dataset":
        """The set with its classes in the order in which a network knows them; as it is where these are not the same classes."""
        if self.labels is None or sorted(classes) != sorted(self.classes):
            return self
        place = torch.tensor([classes.index(name) for name in self.classes], device=self.labels.device)
        return replace(self, labels=place[self.labels], classes=tuple(classes))

    def digest(self) -> str:
        """Tells other images from these, with great likelihood: of their number and of up to 10,000 spread over the set."""
        spread = torch.linspace(0, len(self) - 1, min(len(self), CHUNK)).long()
        images, labels = self.batch(spread)
        seen = [images] if labels is None else [images, labels]
        return digest(f"{tuple(self.images.shape)} {self.classes}", *seen)[:16]


def part_of(split: Split, labels: np.ndarray) -> np.ndarray:
    """The indices of the images in ``split``, for a set that comes in one piece; labels: (N,).

    Every fifth image of each class, in a fixed random order, is held out, or every tenth in a set of more than 5,000;
    scikit-learn's stratified split refuses classes of a single image.
    """
    import pandas as pd  # not at the top: who trains on images that come in two parts does without

    order = np.random.default_rng(SPLIT_SEED).permutation(len(labels))
    share = 5 if len(labels) <= 5000 else 10
    rank = pd.Series(order).groupby(labels[order]).cumcount().to_numpy()
    held_out = rank % share == share - 1
    if not held_out.any():  # a few images only
        held_out[-1] = True
    # In the order drawn: sorted by class, the first test images, which the previews show, would all be alike.
    return order[~held_out] if split == "train" else order[held_out]
