"""What a diagnosis rests on: the config of a run and its rows, of whatever version. Free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES, GANConfig, VAEConfig
from genmodels.language import Message

Seen = tuple[float, Message] | None  # the epoch since when, and a sentence that says what is seen

EPOCH = 10  # rows, see ``trainer.ROWS_PER_EPOCH``
SMOOTHED = 5  # rows
# The sum of the learning rates after which samples have long taken shape: Adam and RMSprop move a weight by about the
# learning rate a step. With its defaults a VAE is there after 400 steps, a DCGAN or an InfoGAN after 2,000.
SETTLED, LEAST_STEPS = 0.4, 400
UNUSUAL = 2.5  # times the default, or less than the default by as much: a learning rate that is the first suspect


@dataclass(frozen=True)
class History:
    """The rows of one name, by step."""

    step: np.ndarray
    epoch: np.ndarray
    value: np.ndarray

    def __len__(self) -> int:
        return len(self.value)

    def smooth(self) -> np.ndarray:
        """Running medians, which single rows cannot move."""
        import pandas as pd

        return pd.Series(self.value).rolling(SMOOTHED, min_periods=1).median().to_numpy()

    def since(self, wrong: np.ndarray, lasting: int = 1) -> float | None:
        """The epoch since when all rows are ``wrong``, the last one included, if they are at least ``lasting``."""
        if not len(wrong) or not wrong[-1]:
            return None
        first = len(wrong) - int(np.argmin(wrong[::-1])) if not wrong.all() else 0
        return float(self.epoch[first]) if len(wrong) - first >= lasting else None


@dataclass(frozen=True)
class Evidence:
    """``given``: a config as plain values; ``curves``: what was measured, by name (``train/…``, ``test/…``, ``score/…``)."""

    given: Mapping[str, Any]
    curves: Mapping[str, History]

    @classmethod
    def of(cls, config: Mapping[str, Any], rows: "pd.DataFrame") -> "Evidence":
        """From rows (name, step, epoch, value)."""
        columns = ("step", "epoch", "value")
        groups = rows.groupby("name", sort=False)
        curves = {str(name): History(*(group[c].to_numpy(float) for c in columns)) for name, group in groups}
        # What is said of test curves is said of validation curves, where a run has these.
        return cls(config, curves | {name.replace("validation/", "test/"): curves[name] for name in curves})

    @cached_property
    def family(self) -> type[RunConfig]:
        """Of this version; what all have in common where it knows none of that name."""
        return FAMILIES.get(self.given.get("family", ""), RunConfig)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return self.family.defaults(dict(self.given))

    @cached_property
    def config(self) -> dict[str, Any]:
        """The fields of the family, with the defaults of those that an earlier version did not have."""
        return {name: self.given.get(name, default) for name, default in self.defaults.items()}

    @cached_property
    def looks(self) -> list[dict[str, float]]:
        """The scores of each look at the samples, see ``sample_monitor.Checkup.look``.

        Of a VAE without ``variants``: a code of one or two dimensions leaves samples little room, and each has a like.
        """
        found: dict[float, dict[str, float]] = {step: {} for step in self.look_times.step}
        for name, curve in self.curves.items():
            if name.startswith("score/") and not (name == "score/variants" and issubclass(self.family, VAEConfig)):
                for step, value in zip(curve.step, curve.value, strict=True):
                    if step in found:
                        found[step][name.removeprefix("score/")] = float(value)
        return list(found.values())

    @property
    def look_times(self) -> History:
        """A curve that each look has a value of."""
        nothing = np.empty(0)
        return self.curves.get("score/roughness", History(nothing, nothing, nothing))

    @property
    def finished(self) -> bool:
        return max((curve.epoch[-1] for curve in self.curves.values()), default=0.0) >= self.config["epochs"]

    @property
    def rate_over_default(self) -> float:
        """The learning rate, in units of the default of its family and objective."""
        return self.config["learning_rate"] / self.defaults["learning_rate"]

    def travel(self, steps: float) -> float:
        """At most so far a weight of what draws the images moves in ``steps``, at the highest learning rate."""
        rate = self.config["learning_rate"] * self.config.get("generator_rate", 1.0)
        return steps / self.config.get("n_critic", 1) * rate

    @property
    def settled(self) -> bool:
        """Whether samples that had no shape at the last look are likely to stay so."""
        return self._is_settled(self.look_times.step[-1], self.look_times.epoch[-1])

    @property
    def settled_unseen(self) -> bool:
        """Whether samples that nobody has looked at are likely to have taken shape, or never to, by the steps alone."""
        ends = [(curve.step[-1], curve.epoch[-1]) for curve in self.curves.values() if len(curve)]
        return bool(ends) and self._is_settled(*max(ends))

    def _is_settled(self, step: float, epoch: float) -> bool:
        begins = self.config.get("warmup_epochs", 0.0)
        if self.config.get("diversity_weight"):
            begins = max(begins, self.config.get("diversity_start", -1.0) + 1)  # its weight then rises within an epoch
        return bool(step >= LEAST_STEPS and self.travel(step) >= SETTLED and epoch >= begins)

    @property
    def is_gan(self) -> bool:
        return issubclass(self.family, GANConfig)
