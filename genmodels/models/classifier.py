"""A convolutional classifier of real images, the independent judge of generated ones."""

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from genmodels.config.families import ClassifierConfig
from genmodels.data.augmentation import moved
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_unit
from genmodels.models.base import Batch, Family, Pass, evaluating, floats
from genmodels.models.blocks import resolutions, stage_widths

WEIGHT_DECAY = 0.01


class Network(nn.Module):
    """Images to logits; (B, C, H, W) in [0, 1] -> (B, classes). ``features`` is what stands before the last layer, (B, F).

    ``kept`` (B, F), in training, is dropout's mask of the features.
    """

    def __init__(self, config: ClassifierConfig, num_classes: int) -> None:
        super().__init__()
        sides = resolutions(config.image_size)
        widths = stage_widths(2 * config.width, len(sides) - 1)
        layers: list[nn.Module] = [
            nn.Conv2d(config.channels, config.width, 3, padding=1),
            nn.BatchNorm2d(config.width),
            nn.ReLU(),
        ]
        before = config.width
        for after in widths:
            layers += [
                nn.Conv2d(before, after, 3, padding=1),
                nn.BatchNorm2d(after),
                nn.ReLU(),
                nn.MaxPool2d(2),
                nn.Conv2d(after, after, 3, padding=1),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
            before = after
        hidden = 4 * config.width
        self.features = nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[-1] * sides[-1] ** 2, hidden), nn.ReLU())
        self.last = nn.Linear(hidden, num_classes)

    def forward(self, x: Tensor, kept: Tensor | None = None) -> Tensor:
        features = self.features(x)
        return self.last(features if kept is None else features * kept).float()


class Classifier(Family):
    """See ``Family``; the one network is called ``classifier``. It has nothing to sample."""

    generates = False

    def __init__(self, config: ClassifierConfig, num_classes: int) -> None:
        super().__init__(config, {"classifier": Network(config, num_classes)}, averaged=("classifier",))
        self.config = config

    def make_optimizers(self) -> dict[str, Optimizer]:
        weights = self.networks["classifier"].parameters()
        rate, decay = self.config.learning_rate, WEIGHT_DECAY
        return {"classifier": AdamW(weights, lr=rate, weight_decay=decay, **self.adam_kernel())}

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        assert batch.labels is not None
        x = moved(to_unit(batch.images), self.config.shift, noise)
        logits = self.networks["classifier"](x, self._dropout(len(x), noise))
        loss = F.cross_entropy(logits, batch.labels)
        self.optimizer_step("classifier", loss)
        return {"loss": loss.detach(), "accuracy": _accuracy(logits, batch.labels)}

    def _dropout(self, n: int, noise: Noise) -> Tensor | None:
        """The mask (n, F) of Srivastava et al. 2014: 0, or scaled up so that the mean stays. torch's own module draws from the
        global generator, which no checkpoint holds."""
        share = 1 - self.config.dropout
        return (noise.uniform(n, self._average.last.in_features) < share) / share if share < 1 else None

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        logits, labels = [], []
        for batch in batches:
            assert batch.labels is not None
            logits.append(self.logits(batch.images))
            labels.append(batch.labels)
        answers, right = torch.cat(logits), torch.cat(labels)
        return floats({"loss": F.cross_entropy(answers, right), "accuracy": _accuracy(answers, right)})

    def logits(self, images: Tensor) -> Tensor:
        """Of uint8 images (B, C, H, W), by the averaged network: (B, classes)."""
        return self._with_average(self._average, images)

    def features(self, images: Tensor) -> Tensor:
        """What stands before the last layer, for uint8 images (B, C, H, W): (B, F)."""
        return self._with_average(self._average.features, images)

    def classify(self, features: Tensor) -> Tensor:
        """The logits that ``features`` (B, F) lead to: (B, classes)."""
        last = self._average.last
        with evaluating(last):
            return last(features)

    @property
    def _average(self) -> Network:
        network = self.averaged["classifier"]
        assert isinstance(network, Network)
        return network

    def _with_average(self, network: nn.Module, images: Tensor) -> Tensor:
        with evaluating(network):
            return network(to_unit(self.of_size(images)))

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        raise NotImplementedError("a classifier makes no images")

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        raise NotImplementedError("a classifier makes no images")

    def passes(self, images: Tensor, labels: Tensor, noise: Noise, generated: bool) -> dict[str, Pass]:
        """See ``Family``; it generates none, so it is always shown ``images``."""
        return {"Classifier": Pass(self._average, {"Image": to_unit(images)}, lambda pixels: pixels)}

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        return {}


def _accuracy(logits: Tensor, labels: Tensor) -> Tensor:
    return (logits.argmax(1) == labels).float().mean()


def build(config: ClassifierConfig, num_classes: int) -> Classifier:
    """The untrained classifier of ``config``."""
    return Classifier(config, num_classes)
