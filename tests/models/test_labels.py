"""Labels, codes and noise to draw images of: what a network cannot draw from is refused in one sentence."""

import copy
from typing import Any

import pytest
import torch

from genmodels.config.families import CGANConfig, DCGANConfig, FlowConfig, InfoGANConfig, VAEConfig
from genmodels.data.noise import Noise
from genmodels.models import build

FAMILIES: dict[str, Any] = {
    "cgan": build(CGANConfig(width=4), 10),
    "infogan": build(InfoGANConfig(width=4), 0),
    "flow": build(FlowConfig(width=16, num_steps=1), 10),
}


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(
    ("labels", "error", "sentence"),
    [
        (torch.tensor([3, 99]), ValueError, "these reach from 3 to 99."),
        (torch.tensor([-1, 0]), ValueError, "these reach from -1 to 0."),
        (torch.tensor([1]), ValueError, r"One label an image is needed, 2 in all, and these have the shape \(1,\)."),
        ([1, 2], TypeError, "Labels are needed as a tensor of integers"),
        (torch.tensor([1.0, 2.0]), (TypeError, ValueError), r"with long\(\)\."),
    ],
)
def test_labels_that_cannot_be_drawn_are_refused(name: str, labels: Any, error: type[Exception] | tuple, sentence: str):
    assert FAMILIES[name].sample(2, labels=torch.tensor([0, 9])).shape == (2, 1, 28, 28)
    with pytest.raises(error, match=sentence):
        FAMILIES[name].sample(2, labels=labels)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32])
def test_labels_of_any_integers_are_taken(name: str, dtype: torch.dtype):
    assert FAMILIES[name].sample(2, labels=torch.tensor([0, 9], dtype=dtype)).shape == (2, 1, 28, 28)


@pytest.mark.parametrize(
    ("codes", "error", "sentence"),
    [
        (255, TypeError, "Codes are needed as a tensor of floats"),
        (torch.zeros(2, 7), ValueError, r"Codes of the shape \(2, 2\) are needed here.* have \(2, 7\)"),
        (torch.full((2, 2), 255.0), ValueError, "from -10 to 10 here; these are beyond"),
        (torch.full((2, 2), torch.nan), ValueError, "or no numbers"),
    ],
)
def test_codes_that_cannot_be_drawn_are_refused(codes: Any, error: type[Exception], sentence: str):
    assert FAMILIES["infogan"].sample(2, codes=torch.tensor([[3, -3], [0, 1]])).shape == (2, 1, 28, 28)
    with pytest.raises(error, match=sentence):
        FAMILIES["infogan"].sample(2, codes=codes)


@pytest.mark.parametrize("guidance", [float("nan"), float("inf"), -1.0, 11.0])
def test_guidance_beyond_its_bounds_is_refused(guidance: float):
    with pytest.raises(ValueError, match=f"guidance must be 0 to 10, not {guidance}"):
        FAMILIES["flow"].sample(2, guidance=guidance)


START: dict[str, tuple[Any, tuple[int, ...]]] = {
    "vae": (build(VAEConfig(latent_dim=3, width=4, hidden=16), 0), (3,)),
    "vae with a learned prior": (build(VAEConfig(latent_dim=3, width=4, hidden=16, prior="flow"), 0), (3,)),
    "dcgan": (build(DCGANConfig(latent_dim=6, width=4), 0), (6,)),
    "cgan": (build(CGANConfig(latent_dim=6, width=4), 10), (6,)),
    "cgan of parts": (build(CGANConfig(latent_dim=6, width=4, condition="picture"), 10), (6,)),
    "infogan": (build(InfoGANConfig(latent_dim=6, width=4), 0), (6,)),
    "flow": (FAMILIES["flow"], (1, 28, 28)),
}


@pytest.mark.parametrize("name", START)
def test_noise_that_images_cannot_be_drawn_of_is_refused(name: str):
    family, shape = START[name]
    assert family.sample(2, torch.zeros(2, *shape)).shape == (2, 1, 28, 28)
    for wrong in (torch.zeros(2, 5), torch.zeros(3, *shape), torch.zeros(shape)):
        with pytest.raises(ValueError, match=r"of the shape \(2, .*\) are needed here, and these have \("):
            family.sample(2, wrong)
    with pytest.raises(ValueError, match="infinite or no numbers"):
        family.sample(2, torch.full((2, *shape), torch.nan))
    for unlike in (torch.zeros(2, *shape, dtype=torch.long), [[0.0]], 5):
        with pytest.raises(TypeError, match="as a tensor of floats"):
            family.sample(2, unlike)


def test_what_else_images_are_drawn_of_is_held_to_its_shape():
    vae, images = START["vae"][0], torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
    for call in (vae.decode, vae.draw):
        with pytest.raises(ValueError, match=r"of the shape \(B, 3\) are needed here, and these have \(2, 4\)"):
            call(torch.zeros(2, 4))
    with pytest.raises(ValueError, match=r"of the shape \(2, 3\) are needed here, and these have \(2, 4\)"):
        vae.reconstruct(torch.zeros(2, 4), images)
    with pytest.raises(ValueError, match=r"of the shape \(B, 2, 3\) are needed here, and these have \(5, 2, 4\)"):
        vae.log_weights(images.float(), torch.zeros(5, 2, 4))
    for name in ("cgan of parts", "flow"):
        family, shape = START[name]
        hidden = torch.ones(2, 1, 28, 28)
        assert family.complete(images, hidden, torch.zeros(2, *shape)).shape == images.shape
        with pytest.raises(
            ValueError, match=r"of the shape \(2, 1, 28, 28\) are needed here, and these have \(2, 28\)"
        ):
            family.complete(images, torch.ones(2, 28), torch.zeros(2, *shape))
        with pytest.raises(ValueError, match=r"are needed here, and these have \(2, 5\)"):
            family.complete(images, hidden, torch.zeros(2, 5))


@pytest.mark.parametrize("name", [name for name in START if name.startswith("vae")])
def test_a_network_that_has_diverged_still_draws_what_training_looks_at(name: str):
    """Its curves name the fault; an error here would come before them."""
    family, images = copy.deepcopy(START[name][0]), torch.zeros(4, 1, 28, 28, dtype=torch.uint8)
    for weight in family.averaged["autoencoder"].parameters():
        weight.fill_(torch.nan)
    assert family.random_samples(images, Noise(0)).isnan().all()
    assert family.previews(images)["samples"].isnan().all()
    assert family.reconstruct(family.encode(images)[0], images)[1].isnan().all()
