"""Generators beside each other and beside real images, measured alike."""

import time
from dataclasses import dataclass

from torch import Tensor

from genmodels.data.noise import Noise
from genmodels.errors import DataError
from genmodels.language import N_
from genmodels.metrics.image_statistics import LEAST, statistics
from genmodels.metrics.judge import Judge
from genmodels.metrics.scores.images import Critic, Draws, generate, uniform_noise

WARM_UP = 10  # images made before the clock starts: the first ones wait for memory


@dataclass(frozen=True)
class Measured:
    """What can be said of images, whatever made them.

    scores: see ``scores.images.Critic.score``; each None where there is no judge. sharpness, diversity:
    ``roughness`` and ``diversity`` of ``image_statistics.statistics``, each divided by that of real images. milliseconds: for one
    image of many that are made together; None where they were not made.
    """

    scores: dict[str, float | None]
    sharpness: float
    diversity: float
    milliseconds: float | None = None


class Comparison:
    """Real uint8 images (N, C, H, W), and who judges others, if anybody does. They are in two halves: generated ones are held against the first, and so are the
    second, which shows what the best generator could reach, and noise, which shows what the worst one does. Raises ``DataError``
    where there are fewer than 2."""

    def __init__(self, judge: Judge | None, real: Tensor, seed: int = 0) -> None:
        if len(real) < 2:
            raise DataError(N_("Generators are compared on 2 test images at least: choose a run of more images."))
        self.known, self.others = real.chunk(2)
        self.critic = Critic(judge, self.known)
        self.usual = statistics(self.known)
        self.seed = seed

    def real(self) -> Measured:
        return self._measured(self.others)

    def noise(self) -> Measured:
        return self._measured(uniform_noise(self.known, self.seed))

    def generated(self, family: Draws) -> Measured:
        """Of as many images as there are real ones to hold them against; what is made of real images is of the others."""
        noise = Noise(self.seed, self.known.device)
        generate(family, self.others, WARM_UP, noise)
        start = time.perf_counter()
        images = generate(family, self.others, len(self.known), noise)
        images.sum().item()  # waits until a CUDA device has made them
        return self._measured(images, 1000 * (time.perf_counter() - start) / len(images))

    def _measured(self, images: Tensor, milliseconds: float | None = None) -> Measured:
        found = {name: value / max(self.usual[name], LEAST) for name, value in statistics(images).items()}
        scores = self.critic.score(images, self.seed)
        return Measured(scores, found["roughness"], found["diversity"], milliseconds)
