"""What the codes of an InfoGAN stand for, from what Q says of real images. Free of torch: numpy arrays in, numpy arrays out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from genmodels.config.datasets import DIGITS
from genmodels.language import N_
from genmodels.latent.clusters import cluster_accuracy, contingency, match_clusters


@dataclass(frozen=True)
class CodeMeaning:
    """What Q says of N images, and their labels, which it has never seen.

    probabilities: of each value of the categorical code, (N, K); means: of the continuous codes, (N, C); labels: integers
    (N,) or None; classes: what the labels are called.
    """

    probabilities: np.ndarray
    means: np.ndarray
    labels: np.ndarray | None
    classes: Sequence[str]

    @cached_property
    def read(self) -> np.ndarray:
        """The code that Q finds most probable for each image, (N,)."""
        return self.probabilities.argmax(1)

    @cached_property
    def counts(self) -> np.ndarray:
        """How many images of each label (columns) are read as each code (rows), (K, classes); no columns without labels."""
        k = self.probabilities.shape[1]
        if self.labels is None:
            return np.zeros((k, 0), np.int64)
        return contingency(self.read, self.labels, k, len(self.classes))

    @cached_property
    def matched(self) -> dict[int, int]:
        """Code -> label, each label at most once (see ``match_clusters``); a pair that no image shows is left out."""
        if self.labels is None:
            return {}
        pairs = match_clusters(self.read, self.labels)
        return {code: label for code, label in pairs.items() if self.counts[code, label]}

    @cached_property
    def accuracy(self) -> float | None:
        """The share of images whose code is matched to their label, the same however the codes are numbered; None without labels."""
        return None if self.labels is None else cluster_accuracy(self.read, self.labels)

    def share(self, code: int) -> float:
        """Of the images that are read as ``code``, how many have the label that it is matched to; 0 if it is to none."""
        if code not in self.matched:
            return 0.0
        return float(self.counts[code, self.matched[code]] / self.counts[code].sum())

    def name(self, code: int) -> str:
        """``code 3 (mostly digit 7)``, or ``code 3`` where fewer than half of its images have one label's meaning."""
        return (
            N_("code {code} (mostly {label})", code=code, label=self._class(code))
            if self.share(code) > 0.5
            else N_("code {code}", code=code)
        )

    def short_name(self, code: int) -> str:
        """``3: digit 7``, or as ``name`` where that says no label."""
        return N_("{code}: {label}", code=code, label=self._class(code)) if self.share(code) > 0.5 else self.name(code)

    def in_words(self, code: int) -> str:
        """What ``code`` stands for, with the share of its images that do."""
        if not (self.read == code).any():
            return N_("no test image")
        if code not in self.matched:
            return N_("no label of its own")
        share = self.share(code)
        told = N_("mostly {label} ({share:.0%})") if share > 0.5 else N_("partly {label} ({share:.0%})")
        return N_(told, label=self._class(code), share=share)

    def _class(self, code: int) -> str:
        name = self.classes[self.matched[code]]
        return N_("digit {name}", name=name) if tuple(self.classes) == DIGITS else name

    def by_label(self) -> list[int]:
        """All codes in the order of the labels that they are matched to, then those that are to none."""
        return sorted(range(len(self.counts)), key=lambda code: (self.matched.get(code, len(self.classes)), code))

    def surest(self, code: int) -> np.ndarray:
        """The images that are read as ``code``, (n,), the surest first."""
        return self._sorted(code, -self.probabilities[:, code])

    def rising(self, code: int, continuous: int) -> np.ndarray:
        """The images that are read as ``code``, (n,), from the lowest mean of a continuous code to the highest."""
        return self._sorted(code, self.means[:, continuous])

    def _sorted(self, code: int, values: np.ndarray) -> np.ndarray:
        (own,) = np.nonzero(self.read == code)
        return own[np.argsort(values[own], kind="stable")]


def spread(indices: np.ndarray, n: int) -> np.ndarray:
    """``n`` of them at even distances, the first and the last among them; all where there are no more."""
    return indices if len(indices) <= n else indices[np.linspace(0, len(indices) - 1, n).round().astype(int)]
