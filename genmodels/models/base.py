"""What every model family offers to the trainer, the pages and the evaluation."""

import copy
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.optim import Optimizer

from genmodels.config.base import RunConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import must_be_tensor
from genmodels.models.spectral_norm import is_singular_vector
from genmodels.models.sync_batchnorm import synchronize
from genmodels.models.weights import AVERAGED, must_fit, with_prefix, without_wrappers

INFERENCE_BATCH = 500  # images that a network is given at a time where it does not learn
PREVIEW_SEED = 1  # of the noise in the pictures of the progress, whatever the run's own


@dataclass(frozen=True)
class Batch:
    """One minibatch on the training device, with the time in epochs (fractional) and in steps at which it is used."""

    images: Tensor  # uint8 (B, C, H, W)
    labels: Tensor | None  # int64 (B,)
    epoch: float
    step: int = 0


@dataclass(frozen=True)
class Pass:
    """A network, and what it is given: its inputs in their order, each (B, ...), by what they are.

    pixels: makes images in [0, 1] of the images that it is given or gives, (B, C, H, W), which it gives where it ``draws``.
    """

    network: nn.Module
    inputs: dict[str, Tensor]
    pixels: Callable[[Tensor], Tensor]
    draws: bool = False


class Family(ABC):
    """Networks, their optimisers and one training step.

    ``networks`` are trained; ``averaged`` holds a moving average of some of them, which samples and scores use. ``frozen`` are
    not trained, but saved with the others, so that a checkpoint is whole by itself; ``begin`` gives them their weights.
    """

    generates: ClassVar[bool] = True  # images
    encodes: ClassVar[bool] = False  # images into codes: it has ``encode`` and ``reconstruct``, as ``VAE`` has

    def __init__(
        self,
        config: RunConfig,
        networks: dict[str, nn.Module],
        averaged: tuple[str, ...],
        frozen: dict[str, nn.Module] | None = None,
    ) -> None:
        self.networks = networks
        self.frozen = {name: network.requires_grad_(False).eval() for name, network in (frozen or {}).items()}
        self._unwrapped = dict(networks)  # before ``prepare`` wraps them
        self.ema_decay, self.precision = config.ema_decay, config.precision
        self.channels, self.image_size = config.channels, config.image_size
        self.latent_dim: int = getattr(config, "latent_dim", 0)  # of the noise z; 0 where nothing is drawn from any
        self.averaged = {name: copy.deepcopy(networks[name]).requires_grad_(False).eval() for name in averaged}
        self.optimizers: dict[str, Optimizer] = {}
        self.accelerator: Accelerator | None = None

    def adam_kernel(self) -> dict[str, Any]:
        """The form of Adam to ask torch for: one kernel for all weights; on the CPU in fp32 the one that trained the
        pretrained models, so that a rerun gives the same numbers (the fused one is 6 % faster there)."""
        fused = self.device.type == "cuda" or self.precision == "bf16"
        return {"fused": True} if fused else {"foreach": True}

    @abstractmethod
    def make_optimizers(self) -> dict[str, Optimizer]:
        """The optimisers of the networks, made after these are on their device."""

    def begin(self, load: Callable[[str], "Family"], images: Iterable[Tensor]) -> None:  # noqa: B027
        """What a new run does before its first step, on every process, with nothing drawn: give ``frozen`` networks their weights.

        load: another trained model by its name. images: of the training set, uint8 batches (B, C, H, W) on the device. Raises
        ``UserError`` where it cannot begin.
        """

    @abstractmethod
    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """One whole optimisation step; the values of the family's curves as scalar tensors on the device."""

    def compilable(self) -> list[str]:
        """The networks that ``torch.compile`` can take."""
        return list(self.networks)

    @abstractmethod
    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        """The curves' values over held-out images, with the averaged networks; changes nothing."""

    @abstractmethod
    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        """n images (n, C, H, W) in [0, 1]; from the given ``z`` if there is one."""

    def inputs(self) -> dict[str, str]:
        """Every argument of ``draw`` for N images, each as a line of Python that makes it with torch alone."""
        return {"z": f"torch.randn(N, {self.latent_dim})"} if self.latent_dim else {}

    def draw(self, z: Tensor, **others: Tensor) -> Tensor:
        """Images (n, C, H, W) in [0, 1] of z (n, D) and what else ``inputs`` names: all that a user may want to give."""
        return self.sample(z.shape[0], z, **others)  # `len` would fix the number in an exported program

    @property
    def drawing(self) -> nn.Module:
        """What of the averaged networks ``sample`` uses, whose weights an exported program needs."""
        return nn.ModuleDict(self.averaged)

    @abstractmethod
    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        """As many images (n, C, H, W) in [0, 1] as ``real``, as in training, with all that is drawn for them from ``noise``.

        real: uint8 (n, C, H, W), for families that are shown a part of an image.
        """

    @abstractmethod
    def previews(self, images: Tensor) -> dict[str, Tensor]:
        """Picture name -> images (n, C, H, W) in [0, 1] that show the progress, the same z and originals at every call.

        images: uint8 (n, C, H, W), held out from training.
        """

    def passes(self, images: Tensor, labels: Tensor, noise: Noise, generated: bool) -> dict[str, Pass]:
        """Title -> one forward pass, for each network that uint8 ``images`` (B, C, H, W) with their ``labels`` (B,) go through
        as in training, or, if ``generated``, as many images that are drawn from ``noise``; none for a family that says nothing."""
        return {}

    def of_size(self, images: Tensor) -> Tensor:
        """``images`` as they are; raises ``ValueError`` unless they have the shape (B, C, H, W) of the config, ``TypeError`` for no tensor."""
        wanted = (self.channels, self.image_size, self.image_size)
        if tuple(must_be_tensor(images).shape[1:]) != wanted:
            raise ValueError(
                f"Images of the shape (B, {', '.join(map(str, wanted))}) are needed here, and these have {tuple(images.shape)}: fit them "
                "first."
            )
        return images

    @property
    def device(self) -> torch.device:
        return next(next(iter(self.networks.values())).parameters()).device

    def to(self, device: torch.device | str) -> "Family":
        """Move all networks; channels-last, which convolutions run faster in, but not on mps, where the gradients of BatchNorm
        are wrong in it (https://github.com/pytorch/pytorch/issues/175189)."""
        plain = torch.device(device).type == "mps"
        layout = torch.contiguous_format if plain else torch.channels_last
        for network in (*self.networks.values(), *self.averaged.values(), *self.frozen.values()):
            network.to(device=device, memory_format=layout)  # type: ignore[call-overload]
        return self

    def prepare(self, accelerator: Accelerator | None = None) -> None:
        """Make it trainable: wrap the networks for mixed precision and several processes, and make the optimisers.

        Without an ``accelerator`` it trains in fp32 and alone, on the device where it is.
        """
        self.accelerator = accelerator
        self.to(accelerator.device if accelerator else self.device)
        self.optimizers = self.make_optimizers()
        if accelerator is None:
            return
        if accelerator.num_processes > 1:
            for network in self.networks.values():
                synchronize(network)
        self.networks = {name: accelerator.prepare(network) for name, network in self.networks.items()}

    def optimizer_step(self, name: str, loss: Tensor, max_norm: float = math.inf) -> Tensor:
        """One step of the optimiser ``name`` down the gradient of ``loss``, clipped to ``max_norm``; its norm before that."""
        optimizer = self.optimizers[name]
        optimizer.zero_grad(set_to_none=True)
        if self.accelerator:
            self.accelerator.backward(loss)
        else:
            loss.backward()
        parameters = [p for group in optimizer.param_groups for p in group["params"]]
        norm = nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None])
        if max_norm < math.inf:
            nn.utils.clip_grads_with_norm_(parameters, max_norm, norm)
        optimizer.step()
        return norm

    @torch.no_grad()
    def update_average(self, step: int) -> None:
        """Move the averaged networks, buffers included, towards the trained ones.

        The decay grows as (1 + step) / (10 + step) up to ``ema_decay``, so that the first weights are soon forgotten.
        torch's ``AveragedModel`` would copy the weights at the first step, and keep them under names that no file has.
        """
        decay = min(self.ema_decay, (1 + step) / (10 + step))
        for name, average in self.averaged.items():
            own, trained = average.state_dict(), self.unwrapped(name).state_dict()
            means = [key for key in own if own[key].is_floating_point() and not is_singular_vector(key)]
            torch._foreach_lerp_([own[key] for key in means], [trained[key] for key in means], 1 - decay)
            for key in own.keys() - set(means):
                own[key].copy_(trained[key])

    def unwrapped(self, name: str) -> nn.Module:
        """The trained network itself, without the wrappers of ``prepare``."""
        return self._unwrapped[name]

    def tensors(self) -> dict[str, Tensor]:
        """Every weight and buffer by name: ``NETWORK.…`` as trained or frozen, ``ema.NETWORK.…`` averaged."""
        trained = {name: self.unwrapped(name) for name in self.networks}
        averaged = {f"{AVERAGED}{name}": network for name, network in self.averaged.items()}
        return {
            f"{prefix}.{key}": tensor
            for prefix, network in (trained | averaged | self.frozen).items()
            for key, tensor in network.state_dict().items()
        }

    def load(self, tensors: dict[str, Tensor]) -> None:
        """Put back what ``tensors`` gave; with the averaged weights alone, the trained ones become equal to them.

        Names may have what wrappers of the networks put into them. Raises ``WeightsError``, and has changed nothing then, when
        names or shapes do not fit or values are not finite.
        """
        tensors = without_wrappers(tensors)
        for name in self.networks:
            average, trained = with_prefix(tensors, f"{AVERAGED}{name}."), with_prefix(tensors, f"{name}.")
            if not trained:
                tensors |= {f"{name}.{key}": tensor for key, tensor in average.items()}
            if name in self.averaged and not average:
                tensors |= {f"{AVERAGED}{name}.{key}": tensor for key, tensor in trained.items()}
        must_fit(tensors, self.tensors())
        for name in self.networks:
            self.unwrapped(name).load_state_dict(with_prefix(tensors, f"{name}."))
        for name, network in self.averaged.items():
            network.load_state_dict(with_prefix(tensors, f"{AVERAGED}{name}."))
        for name, network in self.frozen.items():
            network.load_state_dict(with_prefix(tensors, f"{name}."))


def floats(values: dict[str, Tensor]) -> dict[str, float]:
    """Scalar tensors as numbers, for which the host waits for the device only once."""
    together = torch.stack([value.float() for value in values.values()]).cpu()  # mps has no float64
    return dict(zip(values, together.tolist(), strict=True))


@contextmanager
def evaluating(*networks: nn.Module) -> Iterator[None]:
    """Networks in evaluation mode without gradients, put back afterwards in the mode they were found in."""
    modes = [network.training for network in networks]
    try:
        with torch.no_grad():
            for network in networks:
                network.eval()
            yield
    finally:
        for network, mode in zip(networks, modes, strict=True):
            network.train(mode)
