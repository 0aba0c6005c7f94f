"""The scores of a run, as its folder keeps them once its weights were evaluated: see ``genmodels.metrics.evaluation``."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.language import N_, Message
from genmodels.language.stored import recalled
from genmodels.runs.run import EVALUATION, Line, Text, Whole

FILE = "scores.json"
QUICK_IMAGES, QUICK_DRAWS = 1000, 100  # that it is of, as those of `genmodels evaluate` by default: a minute on a CPU
# Those that tables of runs have beside the curves, which tell the others.
TABULATED = {
    "fid": N_("FID of {n:,} samples", n=QUICK_IMAGES),
    "precision": N_("precision of {n:,} samples", n=QUICK_IMAGES),
    "recall": N_("recall of {n:,} samples", n=QUICK_IMAGES),
    "label_fidelity": N_("label fidelity of {n:,} samples", n=QUICK_IMAGES),
    "samples_only_accuracy": N_("accuracy of training on {n:,} samples", n=QUICK_IMAGES),
    "code_accuracy": N_("accuracy of the code"),
    "iw_nll": N_("importance-weighted NLL"),
    "kmeans_acc_mean": N_("accuracy of KMeans"),
}

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Card(BaseModel):
    """What the file says, which may have come in a zip. ``reasons``: why a score is None, by its name, each as text and as
    ``language.stored`` keeps it."""

    model_config = ConfigDict(frozen=True)

    step: Whole
    classes: list[Line] = Field(max_length=10_000)
    scores: dict[Line, int | Finite | Line | None] = Field(max_length=500)
    reasons: dict[Line, tuple[Line, Text]] = Field(default_factory=dict, max_length=500)


@dataclass(frozen=True)
class Evaluation:
    """config: of the run. card: ``step`` of the weights, ``classes`` of the images and ``scores``, as in the card of a pretrained
    model."""

    config: dict[str, Any]
    card: dict[str, Any]

    def reason(self, score: str) -> str:
        """Why the weights have no such score; empty where they have, or nobody knows."""
        text, message = self.card["reasons"].get(score, ("", ""))
        return recalled(text, message)


def evaluation_of(folder: Path, config: dict[str, Any]) -> Evaluation | None:
    """Of the newest weights in a run's folder; None where these were not evaluated yet, or the file has anything else."""
    file = folder / EVALUATION / FILE
    try:
        card = _read(file, file.stat().st_mtime_ns)
    except (OSError, ValidationError):
        return None
    return Evaluation(config, card.model_dump()) if card.step == max(steps(folder / NEWEST), default=None) else None


@lru_cache(maxsize=256)
def _read(file: Path, written: int) -> Card:
    """Of a file that was written at that time: a page asks more than once."""
    return Card.model_validate_json(file.read_bytes())


def titles(names: Iterable[str]) -> dict[str, Message]:
    """What tables call the rows of evaluations among ``names``, in a fixed order."""
    found = {f"{EVALUATION}/{score}": title for score, title in TABULATED.items()}
    known = {*names}
    return {name: title for name, title in found.items() if name in known}


def rows(card: Card) -> dict[str, float]:
    """What tables of runs show, by the names in the store."""
    numbers = {name: card.scores.get(name) for name in TABULATED}
    return {f"{EVALUATION}/{name}": float(value) for name, value in numbers.items() if isinstance(value, int | float)}
