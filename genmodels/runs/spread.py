"""Scores over several seeds: their mean and spread, and which run one would choose by them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from genmodels.config.families import FAMILIES
from genmodels.config.splits import HELD_OUT
from genmodels.config.sweep import seeds
from genmodels.language import N_, Message, _
from genmodels.runs.comparison import SCORE, Last, scores
from genmodels.runs.run import Run
from genmodels.runs.variants import variants

FID = f"{SCORE}/fid"
ROUNDING = 1e-12
COMPARABLE = (
    "family",
    "dataset",
    "folder",
    "image_size",
    "channels",
    "objective",
)  # whose losses are of the same thing


@dataclass(frozen=True)
class Spread:
    """A score over ``n`` seeds. ``sd``: the standard deviation of the sample, with n - 1; NaN of a single one, and 0 where all are the
    same but for rounding."""

    mean: float
    sd: float
    n: int

    def __str__(self) -> str:
        """In the language of whoever is being served."""
        if self.n == 1:
            return _("{mean:.4g} ({seeds})", mean=self.mean, seeds=seeds(1))
        return _("{mean:.4g} ± {sd:.2g} ({seeds})", mean=self.mean, sd=self.sd, seeds=seeds(self.n))


def spread_of(values: Iterable[float]) -> Spread | None:
    """Of those values that are finite; None where there are none."""
    finite = np.array([value for value in values if np.isfinite(value)], float)
    if not len(finite):
        return None
    mean, sd = float(finite.mean()), float(finite.std(ddof=1)) if len(finite) > 1 else float("nan")
    return Spread(mean, 0.0 if sd < ROUNDING * abs(mean) else sd, len(finite))


def spreads(runs: Sequence[Run], last: Last) -> dict[str, dict[str, Spread]]:
    """Variant -> title of a score -> its spread over the variant's runs, of the newest value of each."""
    table = scores(runs, last)
    return {
        label: {str(name): found for name in table if (found := spread_of(table[name].loc[[run.id for run in own]]))}
        for label, own in variants(runs).items()
    }


@dataclass(frozen=True)
class Choice:
    """The run that one would keep, and by what: the title and the value of a score."""

    run: Run
    by: Message
    value: float


def without_labels(runs: Sequence[Run], last: Last) -> Choice | None:
    """The run of the lowest bound or loss on images that it has not learned from, which no label has a part in; None where the
    family has no such curve, as a GAN, or where the losses are not of the same thing."""
    family = FAMILIES.get(runs[0].config["family"])
    if family is None or not family.curves[0].test or len({_kind(run) for run in runs}) > 1:
        return None
    first = family.curves[0]
    for split in HELD_OUT:
        if found := _lowest(
            runs, last, f"{split}/{first.name}", N_("{curve}, {split}", curve=N_(first.label), split=N_(split))
        ):
            return found
    return None


def with_labels(runs: Sequence[Run], last: Last) -> Choice | None:
    """The run of the lowest FID in the features of the pretrained classifier, which has learned labels; None where nothing has
    measured it."""
    return _lowest(runs, last, FID, N_("FID in the classifier's features"))


def _kind(run: Run) -> tuple[str, ...]:
    return tuple(str(run.config.get(name)) for name in COMPARABLE)


def _lowest(runs: Sequence[Run], last: Last, name: str, by: Message) -> Choice | None:
    values = [(last.get(run.id, {}).get(name, np.nan), run) for run in runs]
    known = [(value, run) for value, run in values if np.isfinite(value)]
    if len(known) < 2:  # nothing to choose from
        return None
    value, run = min(known, key=lambda pair: pair[0])
    return Choice(run, by, float(value))


def in_words(runs: Sequence[Run], last: Last) -> str:
    """All of it as lines of text: each variant's spreads, every single run, and the choices."""
    lines = []
    for label, found in spreads(runs, last).items():
        lines.append(label or "All")
        lines += [f"  {title}: {each}" for title, each in found.items()]
    single = scores(runs, last)
    single.index = pd.Index([run.name for run in runs], name="run")
    lines += ["", single.to_string(float_format="{:.5g}".format, na_rep="-")]
    for kind, choice in (("without labels", without_labels(runs, last)), ("by labels", with_labels(runs, last))):
        if choice:
            lines.append(f"Chosen {kind}: {choice.run.name} ({choice.by} {choice.value:.4g})")
    return "\n".join(lines)
