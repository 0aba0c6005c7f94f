"""Every family on a CUDA device that is only pretended: no mixed devices, and nothing that the host waits for."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.config import families
from genmodels.config.objectives import OBJECTIVES
from genmodels.models import base, build, cgan, dcgan, infogan, transport, vae
from genmodels.models.base import Batch, Family
from tests.support.pretended_cuda import CUDA, Autograd, Drawn, Host, moved_to_cuda, pretended_cuda
from tests.support.tiers import some

N = 16
PREVIEWED: tuple[ModuleType, ...] = (vae, dcgan, cgan, infogan, transport)
ALL: list[dict[str, Any]] = [
    {"family": "vae"},
    {"family": "vae", "kl_estimator": "single-sample"},
    *({"family": "dcgan", "objective": objective} for objective in OBJECTIVES),
    {"family": "dcgan", "instance_noise": 0.2, "optimizer": "rmsprop"},
    {"family": "dcgan", "critic_norm": "spectral", "augment": "colour + translation + cutout"},
    {"family": "cgan", "condition": "label"},
    {"family": "cgan", "condition": "picture"},
    {"family": "infogan", "diversity_weight": 1.0, "shift": 1, "distortion": 1.0},
    {"family": "flow"},
    {"family": "flow", "objective": "diffusion", "sampler": "stochastic", "guidance": 2.0},
    {"family": "latent_flow", "width": 16},
    {"family": "classifier"},
]


@pytest.fixture(params=some(["fp32", "bf16"], "fp32"))
def precision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ALL, ids=lambda options: " ".join(map(str, options.values())))
def placed(
    request: pytest.FixtureRequest, precision: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Family, Host]]:
    """A family on the pretended device, prepared for training, and the host that works for it."""
    config = families.parse({"width": 4, "batch_size": N, "precision": precision} | request.param)
    family = build(config, 10)
    monkeypatch.setattr(Family, "to", moved_to_cuda)
    for module in PREVIEWED:
        monkeypatch.setattr(module, "Noise", Drawn)
    with pretended_cuda(monkeypatch) as host:
        family.prepare(Autograd(precision))
        host.waits.clear()
        yield family, host


def batch(step: int = 19) -> Batch:
    """One after which every generator moves."""
    images = torch.zeros(N, 1, 28, 28, dtype=torch.uint8, device=CUDA)
    return Batch(images, torch.zeros(N, dtype=torch.int64, device=CUDA), 0.5, step)


def assert_images(images: Tensor) -> None:
    assert images.device == CUDA
    assert images.shape[1:] == (1, 28, 28)
    assert images.dtype == torch.float32


def test_a_step_runs_on_the_device_alone(placed: tuple[Family, Host]):
    family, host = placed
    for step in (19, 20):
        values = family.step(batch(step), Drawn())
        family.update_average(step + 1)
        assert {(value.device, value.shape) for value in values.values()} == {(CUDA, ())}
    assert host.waits == []


def test_an_evaluation_waits_once_for_all_its_values(placed: tuple[Family, Host]):
    family, host = placed
    values = family.evaluate([batch(), batch()], Drawn())
    assert host.waits == ["a copy from cuda to cpu"]
    assert all(isinstance(value, float) for value in values.values())


def test_samples_and_previews_are_drawn_on_the_device_alone(placed: tuple[Family, Host]):
    family, host = placed
    if not family.generates:
        assert family.previews(batch().images) == {}
        return
    assert_images(family.sample(5))
    assert_images(family.random_samples(batch().images, Drawn()))
    for images in family.previews(batch().images).values():
        assert_images(images)
    assert host.waits == []


def test_the_networks_compute_in_the_asked_precision(placed: tuple[Family, Host], precision: str):
    """So what is found here is found in both."""
    family, _ = placed
    seen: set[torch.dtype] = set()
    for network in family.networks.values():
        for layer in network.modules():
            if isinstance(layer, torch.nn.Conv2d | torch.nn.ConvTranspose2d | torch.nn.Linear):
                layer.register_forward_hook(lambda layer, given, found: seen.add(found.dtype))
    family.step(batch(), Drawn())
    assert seen == {torch.float32 if precision == "fp32" else torch.bfloat16}


def test_many_values_become_numbers_with_one_wait(monkeypatch: pytest.MonkeyPatch):
    with pretended_cuda(monkeypatch) as host:
        base.floats({name: torch.ones((), device=CUDA) for name in "abc"})
    assert host.waits == ["a copy from cuda to cpu"]
    assert base.floats({"a": torch.tensor(0.1), "b": torch.tensor(3)}) == {"a": torch.tensor(0.1).item(), "b": 3.0}
