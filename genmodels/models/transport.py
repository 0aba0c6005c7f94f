"""Flow matching and diffusion of any data: a network, asked at random points of the path between noise and data, and followed from
one to the other in many small steps. See ``flow_objectives`` and ``flow_samplers``.
"""

from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from genmodels.config.families.transport import MOST_GUIDANCE, MOST_STEPS, SAMPLERS, TransportConfig
from genmodels.data.noise import Noise
from genmodels.models.base import PREVIEW_SEED, Batch, Family, evaluating, floats
from genmodels.models.flow_objectives import FLOW_OBJECTIVES, on_path
from genmodels.models.flow_samplers import Fresh, Keep, solve
from genmodels.models.labels import as_labels, as_noise
from genmodels.models.numbers import real, whole

PREVIEWS = 64
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0


def told_classes(config: TransportConfig, num_classes: int) -> int:
    """How many classes the network is conditioned on; none where all labels are dropped."""
    return num_classes if config.label_dropout < 1 else 0


class Transport(Family):
    """See ``Family``; its one network, called ``name``, takes x (B, ``*shape``), time (B,) and labels (B,), of which ``num_classes``
    stands for none. The noise z has the ``shape`` of the data. ``frozen``: see ``Family``."""

    def __init__(
        self,
        config: TransportConfig,
        name: str,
        network: nn.Module,
        shape: tuple[int, ...],
        num_classes: int,
        frozen: dict[str, nn.Module] | None = None,
    ) -> None:
        super().__init__(config, {name: network}, averaged=(name,), frozen=frozen)
        self.config, self.name, self.shape, self.num_classes = config, name, shape, num_classes
        self.objective = FLOW_OBJECTIVES[config.objective]

    def make_optimizers(self) -> dict[str, Optimizer]:
        weights, rate = self.networks[self.name].parameters(), self.config.learning_rate
        return {self.name: AdamW(weights, lr=rate, weight_decay=WEIGHT_DECAY, **self.adam_kernel())}

    @abstractmethod
    def data(self, images: Tensor, noise: Noise) -> Tensor:
        """What noise is to be led to, (B, *shape), of uint8 images (B, C, H, W)."""

    @abstractmethod
    def images(self, x: Tensor) -> Tensor:
        """Images (B, C, H, W) in [0, 1] of what lies on the way or at its end, (B, *shape)."""

    # Training

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """The network answers at one random t of each image; the answer is regressed on the objective's target."""
        output, target = self._asked(self.networks[self.name], batch, noise)
        loss = F.mse_loss(output, target)
        gradient = self.optimizer_step(self.name, loss, MAX_GRADIENT_NORM)
        return {"loss": loss.detach(), "explained": _explained(loss.detach(), target), "gradient": gradient.detach()}

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        network = self.averaged[self.name]
        with evaluating(network):
            pairs = [self._asked(network, batch, noise) for batch in batches]
        output, target = (torch.cat(parts) for parts in zip(*pairs, strict=True))
        loss = F.mse_loss(output, target)
        return floats({"loss": loss, "explained": _explained(loss, target)})

    def _asked(self, network: nn.Module, batch: Batch, noise: Noise) -> tuple[Tensor, Tensor]:
        """What the network answers at a random t of each image, and what it should."""
        data = self.data(batch.images, noise)
        drawn, t = self.sample_latent(len(data), noise), self.objective.times(noise.normal(len(data)))
        labels = self._dropped(batch.labels, len(data), noise)
        output = network(*self.objective.inputs(on_path(data, drawn, t), t), labels)
        return output, self.objective.target(data, drawn, t)

    def _dropped(self, labels: Tensor | None, n: int, noise: Noise) -> Tensor:
        """The labels (n,), some of which are left out, so that the network learns to do without (Ho & Salimans 2022)."""
        none = self.no_class(n)
        if labels is None or not self.num_classes:
            return none
        return torch.where(noise.uniform(n) < self.config.label_dropout, none, labels)

    def no_class(self, n: int) -> Tensor:
        """The label (n,) that stands for none."""
        return torch.full((n,), self.num_classes, device=self.device)

    # Sampling

    def sample_latent(self, n: int, noise: Noise) -> Tensor:
        """What images start from: (n, *shape)."""
        return noise.normal(n, *self.shape)

    def velocity(self, x: Tensor, t: Tensor, labels: Tensor, guidance: float = 1.0) -> Tensor:
        """E[data - noise | x_t = x], x (B, *shape), t (B,), labels (B,), by the averaged network.

        With guidance g it is v(none) + g (v(labels) - v(none)), for which the network works twice (Ho & Salimans 2022, eq. 6, whose
        w is g - 1).
        """
        network = self.averaged[self.name]
        with evaluating(network):
            if guidance == 1 or not self.num_classes:
                return self.objective.velocity(network(*self.objective.inputs(x, t), labels), x, t)
            both = torch.cat([labels, self.no_class(x.shape[0])])
            twice, times = torch.cat([x, x]), t.repeat(2)
            found = self.objective.velocity(network(*self.objective.inputs(twice, times), both), twice, times)
            conditional, free = found.chunk(2)
            return free + guidance * (conditional - free)

    def way(
        self,
        z: Tensor,
        labels: Tensor | None = None,
        *,
        num_steps: int | None = None,
        sampler: str | None = None,
        guidance: float | None = None,
        fresh: Fresh = torch.randn_like,
        keep: Keep = lambda x, t: x,
    ) -> Iterator[Tensor]:
        """x (n, *shape) at each of ``num_steps`` + 1 times from noise z (n, *shape) on, see ``flow_samplers.solve``.

        labels: int64 (n,), ``num_classes`` stands for none; all classes in turn by default. What is not given is as in the config.
        Raises ``TypeError`` or ``ValueError`` for what is no such number or outside its bounds, and as ``as_labels`` does.
        """
        config = self.config
        num_steps = whole("num_steps", config.num_steps if num_steps is None else num_steps, 1, MOST_STEPS)
        strength = real("guidance", config.guidance if guidance is None else guidance, 0, MOST_GUIDANCE)
        sampler = sampler or config.sampler
        if sampler not in SAMPLERS:
            raise ValueError(f"sampler must be one of {', '.join(SAMPLERS)}, not {sampler}.")
        if labels is not None and self.num_classes:
            labels = as_labels(labels, z.shape[0], self.num_classes + 1)
        chosen = self._in_turn(z.shape[0]) if labels is None else labels.to(self.device)

        def field(x: Tensor, t: Tensor) -> Tensor:
            return self.velocity(x, t, chosen, strength)

        return solve(field, z, self.objective.grid(num_steps), sampler, fresh, keep)

    def _in_turn(self, n: int) -> Tensor:
        return torch.arange(n, device=self.device) % self.num_classes if self.num_classes else self.no_class(n)

    def sample(
        self,
        n: int,
        z: Tensor | None = None,
        labels: Tensor | None = None,
        codes: Tensor | None = None,
        *,
        num_steps: int | None = None,
        sampler: str | None = None,
        guidance: float | None = None,
        fresh: Fresh = torch.randn_like,
    ) -> Tensor:
        """n images (n, C, H, W) in [0, 1]: the ends of ``way``, from noise ``z`` (n, *shape) if there is any."""
        z = as_noise(z, n, *self.shape, device=self.device)
        way = self.way(z, labels, num_steps=num_steps, sampler=sampler, guidance=guidance, fresh=fresh)
        return self.images(deque(way, maxlen=1).pop())

    def random_samples(self, real: Tensor, noise: Noise, **options: Any) -> Tensor:
        """With labels, of all classes in turn; ``options``: of ``sample``."""
        z = self.sample_latent(len(real), noise)
        return self.sample(len(real), z, fresh=lambda x: noise.normal(*x.shape), **options)

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        return {"samples": self.random_samples(images.new_empty(PREVIEWS, 0), Noise(PREVIEW_SEED, self.device))}


def _explained(loss: Tensor, target: Tensor) -> Tensor:
    """1 - loss / variance of the target."""
    return 1 - loss / target.var(correction=0)
