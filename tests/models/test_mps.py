"""What holds of every family so that it trains on the GPU of Apple silicon, which cannot be had here: there is no float64, and
BatchNorm has wrong gradients in the memory format that is the fastest elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock, patch

import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from genmodels.config import families
from genmodels.data import load
from genmodels.data.augmentation import moved
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.metrics import distances, judge
from genmodels.metrics.image_statistics import statistics
from genmodels.metrics.scores import Request, classifier
from genmodels.metrics.scores.vae import importance_weighted_nll
from genmodels.models import build
from genmodels.models.base import Batch, Family
from genmodels.models.classifier import Classifier
from genmodels.models.vae import VAE

CLASSES = 10
FAMILIES: list[dict[str, Any]] = [
    {"family": "vae", "hidden": 16, "latent_dim": 2},
    {"family": "vae", "hidden": 16, "latent_dim": 2, "kl_estimator": "single-sample", "blocks": 1},
    {"family": "dcgan", "latent_dim": 4, "optimizer": "rmsprop", "critic_norm": "spectral"},
    {"family": "dcgan", "latent_dim": 4, "augment": "colour + translation + cutout"},
    {"family": "dcgan", "latent_dim": 4, "objective": "wasserstein-clip"},
    {"family": "dcgan", "latent_dim": 4, "objective": "wasserstein-gp", "instance_noise": 0.1},
    {"family": "cgan", "latent_dim": 4},
    {"family": "cgan", "latent_dim": 4, "condition": "picture", "diversity_weight": 1.0},
    {"family": "infogan", "latent_dim": 4, "hidden": 16, "shift": 1, "distortion": 1.0, "diversity_weight": 1.0},
    {"family": "flow", "num_steps": 2},
    {"family": "flow", "num_steps": 2, "objective": "diffusion", "sampler": "stochastic"},
    {"family": "latent_flow", "width": 8, "num_steps": 2},
    {"family": "classifier", "shift": 2},
]


class Single(TorchDispatchMode):
    """Refuses float64."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            assert not (isinstance(leaf, Tensor) and leaf.dtype == torch.float64), func
        return result


def batch(n: int = 8) -> Batch:
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (n, 1, 28, 28), generator=generator, dtype=torch.uint8)
    return Batch(images, torch.arange(n) % CLASSES, epoch=0.5)


@pytest.fixture(params=FAMILIES, ids=lambda options: " ".join(map(str, options.values())))
def family(request: pytest.FixtureRequest) -> Iterator[Family]:
    options = {"width": 4, "batch_size": 8, "device": "cpu"} | request.param
    family = build(families.parse(options), CLASSES)
    family.prepare(Accelerator(cpu=True))
    yield family
    AcceleratorState._reset_state()


def test_training_and_all_that_is_seen_of_it_needs_no_float64(family: Family):
    seen, noise = batch(), Noise(0)
    with Single():
        for _ in range(2):
            family.step(seen, noise)
            family.update_average(1)
        family.evaluate([seen], noise)
        family.previews(seen.images)
        if family.generates:
            statistics((255 * family.random_samples(seen.images, noise)).to(torch.uint8))


class OnMps(Tensor):
    """A stand-in for a tensor there: what is computed of it is there, too, and never float64, until ``cpu`` brings it back."""

    @classmethod
    def __torch_function__(cls, func: Callable, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = super().__torch_function__(func, types, args, kwargs or {})
        if func is Tensor.cpu:
            return result.as_subclass(Tensor)
        for leaf in tree_leaves(result):
            assert not (isinstance(leaf, OnMps) and leaf.dtype == torch.float64), func
        return result


def there(*shape: int) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(1)).as_subclass(OnMps)


def trained(**options: Any) -> Family:
    return build(families.parse({"width": 4} | options), CLASSES)


def classifier_scores() -> dict[str, float]:
    network = trained(family="classifier")
    assert isinstance(network, Classifier)
    return judge.classifier_scores(network, there(8, 4 * 4))


def accuracy() -> dict[str, float]:
    seen = batch()
    images = Dataset(seen.images.as_subclass(OnMps), seen.labels, tuple("0123456789"))
    with patch.object(load, "load_for", lambda config, split: images):
        return classifier.score(Mock(family=trained(family="classifier"), classes=images.classes), Request())


def bound() -> float:
    vae = trained(family="vae", hidden=16, latent_dim=2)
    assert isinstance(vae, VAE)
    return importance_weighted_nll(vae, iter([batch().images.as_subclass(OnMps)]), 8, 3, Noise(0))


@pytest.mark.parametrize(
    "measure",
    [
        pytest.param(lambda: distances.frechet(there(9, 4), there(9, 4)), id="fid"),
        pytest.param(lambda: distances.kernel(there(9, 4), there(9, 4), 0), id="kid"),
        pytest.param(lambda: distances.precision_recall(there(9, 4), there(9, 4)), id="precision and recall"),
        pytest.param(lambda: distances.nearest(batch().images.as_subclass(OnMps), batch().images), id="nearest"),
        pytest.param(lambda: judge.confident_share(there(9, CLASSES)), id="confident share"),
        pytest.param(lambda: judge.classes_covered(there(9, CLASSES)), id="classes"),
        pytest.param(classifier_scores, id="judge"),
        pytest.param(accuracy, id="accuracy"),
        pytest.param(bound, id="importance-weighted bound"),
    ],
)
def test_scores_are_summed_in_float64_on_the_cpu_alone(measure: Callable[[], Any]):
    measure()


def test_the_stand_in_refuses_float64():
    for convert in (Tensor.double, lambda x: x.sum(dtype=torch.float64), lambda x: x.to(torch.float64)):
        with pytest.raises(AssertionError):
            convert(there(3) * 2)
    assert there(3).cpu().double().dtype == torch.float64


def test_networks_keep_the_plain_memory_format_on_mps(monkeypatch: pytest.MonkeyPatch):
    family = trained(family="infogan", latent_dim=4)
    asked: list[torch.memory_format] = []
    monkeypatch.setattr(nn.Module, "to", lambda network, device, memory_format: asked.append(memory_format))
    family.to("mps")
    family.to(torch.device("mps:0"))
    assert {*asked} == {torch.contiguous_format}
    asked.clear()
    family.to("cuda")
    assert {*asked} == {torch.channels_last}


@pytest.mark.parametrize("channels", [1, 3])
def test_moved_images_have_the_plain_memory_format(channels: int):
    assert moved(torch.rand(4, channels, 8, 8), 2, Noise(0)).is_contiguous()
