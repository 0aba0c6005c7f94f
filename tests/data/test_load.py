"""Data sets: what the networks get."""

import hashlib
from typing import Literal

import numpy as np
import pytest
import torch

from genmodels.data.dataset import Dataset
from genmodels.data.load import load_dataset
from genmodels.data.pixels import to_uint8, to_unit
from tests.support.helpers import refusal

CPU = torch.device("cpu")


pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture(scope="module")
def sample() -> dict[str, Dataset]:
    splits: tuple[Literal["train", "test"], ...] = ("train", "test")
    return {split: load_dataset("mnist-sample", split, image_size=28, channels=1) for split in splits}


def digest(dataset: Dataset) -> str:
    assert dataset.labels is not None
    return hashlib.sha256(dataset.images.numpy().tobytes() + dataset.labels.numpy().tobytes()).hexdigest()


def test_the_sample_has_4000_images_to_learn_from_and_1000_held_out(sample: dict[str, Dataset]):
    assert sample["train"].images.shape == (4000, 1, 28, 28)
    assert sample["test"].images.shape == (1000, 1, 28, 28)
    for dataset in sample.values():
        assert dataset.images.dtype == torch.uint8
        assert dataset.labels is not None
        assert dataset.labels.dtype == torch.int64
        assert dataset.classes == tuple("0123456789")
        assert (dataset.images.min(), dataset.images.max()) == (0, 255)


def test_no_image_is_in_both_parts_and_each_class_is_in_proportion(sample: dict[str, Dataset]):
    train, test = ({image.numpy().tobytes() for image in sample[split].images} for split in ("train", "test"))
    assert not train & test
    assert len(train) + len(test) == 5000  # the sample has no image twice
    for split, count in (("train", 400), ("test", 100)):
        assert sample[split].labels.bincount().tolist() == [count] * 10  # type: ignore[union-attr]


def test_the_first_test_images_are_of_many_classes(sample: dict[str, Dataset]):
    """The previews show them."""
    labels = sample["test"].labels
    assert labels is not None
    assert len(labels[:32].unique()) >= 8


def test_the_split_is_the_same_at_every_load_in_every_process_for_ever(sample: dict[str, Dataset]):
    """If it moved, pretrained models would be scored on images that they have learned from."""
    np.random.seed(5)
    torch.manual_seed(6)
    again = load_dataset("mnist-sample", "test", image_size=28, channels=1)
    assert digest(again) == digest(sample["test"]) == "2e97f89c0f98201ccd568be9aa4999e54eef2cf3e1baade29b179d573f833c11"
    assert digest(sample["train"]) == "ce681d9710a070274eeebc42e8b1154b50465b1722424317f8ac66da4a41e750"


@pytest.mark.parametrize(("image_size", "channels"), [(28, 3), (32, 1), (64, 3)])
def test_the_images_come_in_the_size_and_channels_asked_for(sample: dict[str, Dataset], image_size: int, channels: int):
    images = load_dataset("mnist-sample", "test", image_size=image_size, channels=channels).images
    assert images.shape == (1000, channels, image_size, image_size)
    assert images.dtype == torch.uint8
    assert torch.equal(images, images[:, :1].expand_as(images))
    original = sample["test"].images
    assert images.float().mean().item() == pytest.approx(original.float().mean().item(), rel=0.02)
    if image_size == 28:
        assert torch.equal(images[:, :1], original)


def test_another_size_is_refused_with_those_that_work():
    assert refusal("mnist-sample", image_size=48).endswith("choose one of 28, 32 or 64.")


# In memory, or streamed


def test_unit_and_uint8_are_inverse():
    every = torch.arange(256, dtype=torch.uint8)
    unit = to_unit(every)
    assert (unit.min(), unit.max()) == (0, 1)
    assert torch.equal(to_uint8(unit), every)
    assert to_uint8(torch.tensor([-0.2, 1.7, 0.5])).tolist() == [0, 255, 128]


def test_a_set_that_is_too_large_for_the_device_stays_where_it_is():
    images = torch.randint(0, 256, (20, 1, 28, 28), dtype=torch.uint8)
    whole = Dataset(images, torch.arange(20), ())
    elsewhere = torch.device("meta")  # a device that every machine has
    streamed, resident = whole.to(elsewhere, memory_limit=images.nbytes - 1), whole.to(elsewhere, images.nbytes)
    assert streamed.images is images
    assert resident.images.device == elsewhere
    for dataset in (streamed, resident):
        assert len(dataset) == 20
        batch, labels = dataset.batch(torch.tensor([3, 1]))
        assert labels is not None
        assert batch.device == labels.device == elsewhere


@pytest.mark.parametrize("labels", [torch.arange(20) % 3, None])
def test_streamed_batches_are_those_of_the_resident_set(labels: torch.Tensor | None):
    images = torch.randint(0, 256, (20, 3, 8, 8), dtype=torch.uint8)
    whole, indices = Dataset(images, labels, ()), torch.tensor([7, 0, 19, 7])
    streamed = whole.to(CPU, memory_limit=10)
    for (batch, own), kind in ((d.batch(indices), d) for d in (whole, whole.to(CPU), streamed)):
        assert torch.equal(batch, images[indices]), kind
        assert own is None if labels is None else torch.equal(own, labels[indices])  # type: ignore[arg-type]
