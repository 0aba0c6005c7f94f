"""Flow matching, diffusion and a GAN, trained side by side on points of the plane, and recorded."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from genmodels.data.noise import Noise
from genmodels.language import N_
from genmodels.metrics.distances import energy
from genmodels.toys.film import NUMBERS, SHADES, Film, whole
from genmodels.toys.flow import TOY_OBJECTIVES, ToyFlow, detour
from genmodels.toys.gan import ToyGAN
from genmodels.toys.setup import PARTICLES, Setup, moments
from genmodels.toys.targets import points

BATCH_SIZE = 128
TRAINING_POINTS, HELD_OUT, SHOWN = 20_000, 1000, 400
NOWHERE = N_("This training came to numbers that are none: choose another seed.")

Tell = Callable[[Film, float], object]  # takes what is recorded by now and the share of the way


def train(setup: Setup, drawing: np.ndarray | None = None, tell: Tell = lambda film, share: None) -> Film:
    """Train all three for ``setup.steps`` steps of 128 points; the same film at every call on one machine.

    ``drawing``: see ``targets.points``. Raises ``ValueError`` where there is nothing on it, or the training fails.
    """
    rng = np.random.default_rng(setup.seed)
    data, held_out = (torch.from_numpy(points(setup.target, n, rng, drawing)) for n in (TRAINING_POINTS, HELD_OUT))
    scene = _Scene(setup, held_out)
    recorded: list[dict[str, np.ndarray]] = []
    wanted = moments(setup.steps)
    batches = Noise(setup.seed)
    noises = {name: Noise(setup.seed) for name in scene.models}  # each its own: one model changes nothing for another
    for step in range(setup.steps + 1):
        if step in wanted:
            recorded.append({"steps": np.array(step, np.int32), **scene.record()})
            film = Film({name: np.stack([each[name] for each in recorded]) for name in recorded[0]} | scene.still())
            tell(film, step / max(1, setup.steps))
        batch = data[batches.integers(BATCH_SIZE, len(data))]
        for name, model in scene.models.items():
            model.step(batch, noises[name])
    return film


class _Scene:
    """The three models, and the held-out points and noise on which each of their moments is measured."""

    def __init__(self, setup: Setup, held_out: Tensor) -> None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(setup.seed)
            self.flow = ToyFlow(TOY_OBJECTIVES["flow"], setup.steps, setup.pairs)
            self.diffusion = ToyFlow(TOY_OBJECTIVES["diffusion"], setup.steps)
            self.gan = ToyGAN()
        self.models: dict[str, ToyFlow | ToyGAN] = {"flow": self.flow, "diffusion": self.diffusion, "gan": self.gan}
        held = Noise(setup.seed + 1)
        self.held_out = held_out
        self.z, self.drawn, self.normal = held.normal(HELD_OUT, 2), held.normal(HELD_OUT, 2), held.normal(HELD_OUT)
        self.noise_energy = energy(held_out, self.z)

    def still(self) -> dict[str, np.ndarray]:
        return {"target": whole(self.held_out[:SHOWN].numpy())}

    def record(self) -> dict[str, np.ndarray]:
        """The arrays of a moment; raises ``ValueError`` where one of the numbers is none."""
        values, shown = self._generative()
        for name, model in (("flow", self.flow), ("diffusion", self.diffusion)):
            ways = model.ways(self.z)
            values[f"{name}_energy"] = energy(self.held_out, ways[-1])
            values[f"{name}_detour"] = detour(ways)
            values[f"{name}_loss"] = self._loss(model)
            shown[f"{name}_ways"] = whole(ways[:, :PARTICLES].numpy())
            shown[f"{name}_field"] = whole(model.field().numpy())
        if not all(map(math.isfinite, values.values())):
            raise ValueError(NOWHERE)
        return {"numbers": np.array([values[name] for name in NUMBERS], np.float32), **shown}

    def _generative(self) -> tuple[dict[str, float], dict[str, np.ndarray]]:
        samples = self.gan.samples(self.z)
        with torch.no_grad():
            discriminator, generator = self.gan.losses(self.held_out, samples)
        values = {
            "gan_energy": energy(self.held_out, samples),
            "noise_energy": self.noise_energy,
            "discriminator_loss": discriminator.item(),
            "generator_loss": generator.item(),
        }
        shown = {
            "gan_points": whole(samples[:PARTICLES].numpy()),
            "gan_pull": whole(self.gan.pull(samples[:PARTICLES]).numpy()),
            "gan_surface": (self.gan.surface() * SHADES).round().to(torch.uint8).numpy(),
        }
        return values, shown

    @torch.no_grad()
    def _loss(self, model: ToyFlow) -> float:
        return model.loss(self.held_out, self.drawn, model.objective.times(self.normal)).item()
