"""One optimisation step on the CPU and on the device, from the same weights, images and noise, in float32 without TF32."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genmodels.config.base import RunConfig
from genmodels.data.dataset import CPU
from genmodels.data.noise import Noise
from genmodels.gpu_check import images
from genmodels.gpu_check.precision import tf32
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Session
from genmodels.models import build
from genmodels.models.base import Batch, floats

# Two implementations of convolutions on one CPU differ by up to 7e-5, 5e-3 and 5e-2.
CURVES = 1e-3  # of a curve's value, or of 1 where that is less
GRADIENT = 0.03  # of the gradient's length
UPDATE = 0.25  # of the step's length: Adam's first one goes as far where a gradient is nothing but rounding
# In the one before step 0 all networks learn, however many steps of the discriminator there are for one of the generator.
STEP = -1
# Ways of a family to compute that its defaults have not: gradient penalties take the gradient of a gradient.
OTHERS: dict[str, list[dict[str, str]]] = {
    "dcgan": [{"objective": "wasserstein-gp"}, {"objective": "relativistic"}],
    "cgan": [{"condition": "picture"}],
    "flow": [{"objective": "diffusion"}],
}


class HostNoise(Noise):
    """Drawn on the CPU, whatever device it is for, so that both see the same."""

    def __init__(self, seed: int, device: torch.device) -> None:
        super().__init__(seed)
        self.device = device

    def _own(self, drawn: Tensor, n: int) -> Tensor:
        return super()._own(drawn, n).to(self.device)


@dataclass(frozen=True)
class Taken:
    """A step: the curves' values, and by network the gradient and the way that the weights went, each flat, on the CPU."""

    curves: dict[str, float]
    gradients: dict[str, Tensor]
    updates: dict[str, Tensor]


def check(session: Session, family: str) -> Iterator[Row]:
    """A family with its defaults, and in its other ways to compute."""
    for options in ({}, *OTHERS.get(family, ())):
        what = ", ".join(["one step, fp32", *options.values()])
        config = session.config(family, **options)
        with tf32(False):
            figures = _compared(step(config, CPU), step(config, session.device))
        yield Row(what, figures)


def step(config: RunConfig, device: torch.device) -> Taken:
    """One step of the untrained networks of ``config``."""
    train = images.few(config, "train")
    family = build(config, len(train.classes)).to(device)
    family.prepare()
    before = {name: _flat(network.parameters()) for name, network in family.networks.items()}
    pixels, labels = train.to(device).batch(torch.arange(config.batch_size))
    values = family.step(Batch(pixels, labels, 0.5, STEP), HostNoise(config.seed, device))
    gradients = {
        name: _flat(weight.grad for weight in network.parameters() if weight.grad is not None)
        for name, network in family.networks.items()
    }
    updates = {name: _flat(network.parameters()) - before[name] for name, network in family.networks.items()}
    return Taken(floats(values), gradients, updates)


def _flat(tensors: Iterator[nn.Parameter] | Iterator[Tensor]) -> Tensor:
    return torch.cat([tensor.detach().cpu().flatten() for tensor in tensors]).double()


def _compared(here: Taken, there: Taken) -> dict[str, Figure]:
    curves = [abs(there.curves[name] - value) / max(1.0, abs(value)) for name, value in here.curves.items()]
    return {
        "curves differ by": Figure(torch.tensor(curves).max().item(), "of their size", most=CURVES),
        "gradients differ by": Figure(_apart(here.gradients, there.gradients), "of their length", most=GRADIENT),
        "updates differ by": Figure(_apart(here.updates, there.updates), "of their length", most=UPDATE),
    }


def _apart(here: dict[str, Tensor], there: dict[str, Tensor]) -> float:
    """Of the network that differs most: the length of the difference over the length of what the CPU gives."""
    apart = [(there[name] - wanted).norm() / wanted.norm() for name, wanted in here.items()]
    return torch.stack(apart).max().item()
