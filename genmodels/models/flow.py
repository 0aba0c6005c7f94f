"""Flow matching and diffusion: one U-Net, asked at random points of the path between noise and image, and followed from one to the
other in many small steps. See ``flow_objectives`` and ``flow_samplers``. Images are in [-1, 1].
"""

from collections import deque
from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from genmodels.config.families.flow import MOST_STEPS, SAMPLERS, FlowConfig
from genmodels.data.noise import Noise
from genmodels.data.pixels import from_symmetric, to_symmetric
from genmodels.models.base import PREVIEW_SEED, Batch, Family, evaluating, floats
from genmodels.models.flow_objectives import OBJECTIVES, endpoints, on_path
from genmodels.models.flow_samplers import Fresh, Keep, solve
from genmodels.models.labels import must_be_labels
from genmodels.models.unet import UNet

PREVIEWS = 64
WEIGHT_DECAY = 0.01
MAX_GRADIENT_NORM = 1.0


class Flow(Family):
    """See ``Family``; the one network is called ``unet``. The noise z has the shape of the images."""

    def __init__(self, config: FlowConfig, num_classes: int) -> None:
        self.config = config
        self.num_classes = num_classes if config.label_dropout < 1 else 0
        unet = UNet(config.channels, config.image_size, config.width, config.blocks, self.num_classes)
        super().__init__(config, {"unet": unet}, averaged=("unet",))
        self.objective = OBJECTIVES[config.objective]
        self.shape = (config.channels, config.image_size, config.image_size)

    def make_optimizers(self) -> dict[str, Optimizer]:
        weights, rate = self.networks["unet"].parameters(), self.config.learning_rate
        return {"unet": AdamW(weights, lr=rate, weight_decay=WEIGHT_DECAY, **self.adam_kernel())}

    # Training

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        """The network answers at one random t of each image; the answer is regressed on the objective's target."""
        output, target = self._asked(self.networks["unet"], batch, noise)
        loss = F.mse_loss(output, target)
        gradient = self.optimizer_step("unet", loss, MAX_GRADIENT_NORM)
        return {"loss": loss.detach(), "explained": _explained(loss.detach(), target), "gradient": gradient.detach()}

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        network = self.averaged["unet"]
        with evaluating(network):
            pairs = [self._asked(network, batch, noise) for batch in batches]
        output, target = (torch.cat(parts) for parts in zip(*pairs, strict=True))
        loss = F.mse_loss(output, target)
        return floats({"loss": loss, "explained": _explained(loss, target)})

    def _asked(self, network: nn.Module, batch: Batch, noise: Noise) -> tuple[Tensor, Tensor]:
        """What the network answers at a random t of each image, and what it should."""
        data = to_symmetric(batch.images)
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
        """What images start from: (n, C, H, W)."""
        return noise.normal(n, *self.shape)

    def velocity(self, x: Tensor, t: Tensor, labels: Tensor, guidance: float = 1.0) -> Tensor:
        """E[image - noise | x_t = x], x (B, C, H, W), t (B,), labels (B,), by the averaged network.

        With guidance g it is v(none) + g (v(labels) - v(none)), for which the network works twice (Ho & Salimans 2022, eq. 6, whose
        w is g - 1).
        """
        network = self.averaged["unet"]
        with evaluating(network):
            if guidance == 1 or not self.num_classes:
                return self.objective.velocity(network(*self.objective.inputs(x, t), labels), x, t)
            both = torch.cat([labels, self.no_class(len(x))])
            twice, times = x.repeat(2, 1, 1, 1), t.repeat(2)
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
        """The images in [-1, 1] at each of ``num_steps`` + 1 times from noise z (n, C, H, W) on, see ``flow_samplers.solve``.

        labels: int64 (n,), ``num_classes`` stands for none; all classes in turn by default. What is not given is as in the config.
        Raises ``ValueError`` for a value outside its bounds, and as ``must_be_labels`` does.
        """
        config = self.config
        num_steps = config.num_steps if num_steps is None else num_steps
        sampler = sampler or config.sampler
        strength = config.guidance if guidance is None else guidance
        if not 1 <= num_steps <= MOST_STEPS:
            raise ValueError(f"num_steps must be 1 to {MOST_STEPS}, not {num_steps}.")
        if sampler not in SAMPLERS:
            raise ValueError(f"sampler must be one of {', '.join(SAMPLERS)}, not {sampler}.")
        if labels is not None and self.num_classes:
            must_be_labels(labels, z.shape[0], self.num_classes + 1)
        chosen = self._in_turn(len(z)) if labels is None else labels.to(self.device)

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
        """n images (n, C, H, W) in [0, 1]: the ends of ``way``, from noise ``z`` (n, C, H, W) if there is any."""
        if z is None:
            z = torch.randn(n, *self.shape, device=self.device)
        way = self.way(z, labels, num_steps=num_steps, sampler=sampler, guidance=guidance, fresh=fresh)
        return shown(deque(way, maxlen=1).pop())

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        """With labels, of all classes in turn."""
        return self.sample(len(real), self.sample_latent(len(real), noise), fresh=lambda x: noise.normal(*x.shape))

    def complete(self, images: Tensor, hidden: Tensor, z: Tensor) -> Tensor:
        """Whole images (B, C, H, W) in [0, 1], from uint8 images (B, C, H, W) of which a part (B, 1, H, W) is hidden, where it is 1.

        After each step what is shown is put back on its own path from the noise z (B, C, H, W), which it has not to be trained for
        (Lugmayr et al. 2022, arXiv:2201.09865, without their resampling).
        """
        data, none = to_symmetric(images), self.no_class(len(images))

        def keep(x: Tensor, t: float) -> Tensor:
            return torch.where(hidden > 0, x, (1 - t) * z + t * data)

        return shown(deque(self.way(z, none, guidance=1.0, keep=keep), maxlen=1).pop())

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        return {"samples": self.random_samples(images.new_empty(PREVIEWS, 0), Noise(PREVIEW_SEED, self.device))}

    def predict(self, x: Tensor, t: Tensor, labels: Tensor, guidance: float = 1.0) -> dict[str, Tensor]:
        """What the network makes of x_t (B, C, H, W) in [-1, 1]: the "velocity", and the "image" and the "noise" that it points to."""
        velocity = self.velocity(x, t, labels, guidance)
        image, noise = endpoints(x, velocity, t)
        return {"velocity": velocity, "image": image, "noise": noise}

    # As a program of its own, which gives the velocity: a script takes the steps

    def inputs(self) -> dict[str, str]:
        channels, side, _ = self.shape
        given = {"z": f"torch.randn(N, {channels}, {side}, {side})", "t": "torch.zeros(N)"}
        return given | ({"labels": f"torch.arange(N) % {self.num_classes}"} if self.num_classes else {})

    def draw(self, z: Tensor, **others: Tensor) -> Tensor:
        """The velocity (n, C, H, W) of z on its way from noise to image, at the times ``t`` (n,) from 0 to 1."""
        labels = others.get("labels")
        none = torch.zeros_like(others["t"], dtype=torch.int64)
        return self.velocity(z, others["t"], none if labels is None else labels)


def shown(x: Tensor) -> Tensor:
    """Images in [0, 1] of what lies on the way or at its end, around [-1, 1]; what lies outside is clipped."""
    return from_symmetric(x.clamp(-1, 1))


def _explained(loss: Tensor, target: Tensor) -> Tensor:
    """1 - loss / variance of the target."""
    return 1 - loss / target.var(correction=0)


def build(config: FlowConfig, num_classes: int) -> Flow:
    """The untrained flow of ``config``; without classes, or with all labels dropped, it is conditioned on nothing but time."""
    return Flow(config, num_classes)
