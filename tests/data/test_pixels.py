"""Images of another type or range than a public function takes are refused in one sentence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from genmodels.config.families import CGANConfig, ClassifierConfig, InfoGANConfig, VAEConfig
from genmodels.data.like_mnist import like_mnist
from genmodels.data.pixels import from_symmetric, to_symmetric, to_uint8, to_unit
from genmodels.models import build

STORED = torch.randint(0, 256, (2, 1, 28, 28), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
UNIT = STORED.float() / 255
VAE: Any = build(VAEConfig(width=4, hidden=16, latent_dim=2), 0)
INFOGAN: Any = build(InfoGANConfig(width=4), 0)
CGAN: Any = build(CGANConfig(width=4, condition="picture"), 0)
CLASSIFIER: Any = build(ClassifierConfig(width=4), 10)
MEANS, EPSILON = torch.zeros(2, 2), torch.zeros(3, 2, 2)

Takes = Callable[[Any], Any]
OF_STORED: dict[str, Takes] = {
    "to_unit": to_unit,
    "to_symmetric": to_symmetric,
    "encode": VAE.encode,
    "reconstruct": lambda images: VAE.reconstruct(MEANS, images),
    "read": INFOGAN.read,
    "complete": lambda images: CGAN.complete(images, torch.ones(2, 1, 28, 28), torch.zeros(2, CGAN.config.latent_dim)),
    "classifier": CLASSIFIER.logits,
}
OF_UNIT: dict[str, Takes] = {"to_uint8": to_uint8, "log_weights": lambda images: VAE.log_weights(images, EPSILON)}
OF_FLOATS: dict[str, Takes] = OF_UNIT | {"from_symmetric": from_symmetric}


def refused(take: Takes, images: Any) -> str:
    with pytest.raises((TypeError, ValueError)) as caught:
        take(images)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", OF_STORED)
def test_what_takes_stored_images_takes_no_floats(name: str):
    OF_STORED[name](STORED)
    for images in (UNIT, STORED.float(), STORED.long()):
        assert "uint8 images from 0 to 255 are needed here" in refused(OF_STORED[name], images)


@pytest.mark.parametrize("name", [name for name in OF_STORED if not name.startswith("to_")])
def test_what_knows_one_size_takes_no_other(name: str):
    for images in (STORED[..., :20, :20], STORED.expand(-1, 3, -1, -1), STORED[0]):
        sentence = refused(OF_STORED[name], images)
        assert "Images of the shape (B, 1, 28, 28) are needed here" in sentence
        assert sentence.endswith(f"these have {tuple(images.shape)}: fit them first.")


@pytest.mark.parametrize("name", OF_STORED | OF_UNIT)
def test_what_is_no_tensor_is_refused(name: str):
    for images in (STORED.numpy(), STORED.tolist()):
        assert "Images are needed as a tensor" in refused((OF_STORED | OF_UNIT)[name], images)


@pytest.mark.parametrize("name", OF_UNIT)
def test_what_takes_images_from_0_to_1_takes_no_others(name: str):
    OF_UNIT[name](UNIT)
    assert "not torch.uint8" in refused(OF_UNIT[name], STORED)
    assert "reach from 0 to 255" in refused(OF_UNIT[name], STORED.float())
    assert "reach from -1 to 1" in refused(OF_UNIT[name], to_symmetric(STORED))


def test_from_symmetric_takes_no_stored_images():
    assert "float type in [-1, 1]" in refused(from_symmetric, STORED)
    assert "reach from 0 to 255: give uint8 ones from 0 to 255 to to_symmetric" in refused(
        from_symmetric, STORED.float()
    )
    assert torch.equal(to_uint8(from_symmetric(to_symmetric(STORED))), STORED)


@pytest.mark.parametrize("name", OF_FLOATS)
def test_what_is_no_number_is_refused(name: str):
    broken = UNIT.clone()
    broken[0, 0, 0, 0] = torch.nan
    assert "these hold values that are no numbers (NaN)" in refused(OF_FLOATS[name], broken)


def test_log_weights_names_the_type_it_takes():
    assert "Images of torch.float32 are needed here, not torch.float64" in refused(
        OF_UNIT["log_weights"], UNIT.double()
    )


def test_no_images_give_no_images():
    assert to_uint8(UNIT[:0]).shape == from_symmetric(UNIT[:0]).shape == (0, 1, 28, 28)
    assert [part.shape for part in VAE.encode(STORED[:0])] == [(0, 2), (0, 2)]
    for family in (VAE, INFOGAN, CGAN):
        assert family.sample(0).shape == (0, 1, 28, 28)


@pytest.mark.parametrize(
    "image", [np.zeros((28, 28)), np.zeros((28, 28), int), np.zeros((28, 28, 3), np.uint8), [[0] * 28] * 28]
)
def test_like_mnist_takes_one_grey_image(image: Any):
    assert "uint8 (H, W) from 0 to 255" in refused(like_mnist, image)
