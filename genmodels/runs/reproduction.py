"""Whether a training done again gives the same curves, and what differs where it does not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from genmodels.checkpoints import pretrained
from genmodels.errors import UserError
from genmodels.runs.run import EVALUATION
from genmodels.runs.store import Store

CALLED = {"torch": "torch", "python": "Python", "device": "the device", "data": "the training images"}


@dataclass(frozen=True)
class Record:
    """What is known of a training: metrics has the rows (name, step, epoch, value) of its curves; parent: as of a ``Run``."""

    name: str
    config: dict[str, Any]
    environment: dict[str, str]
    metrics: pd.DataFrame
    parent: str = ""


def record_of(store: Store, name: str) -> Record:
    """A run by its id, or a pretrained model by its name or folder; raises ``UserError`` when there is neither."""
    if (run := store.get(name)) is not None:
        return Record(run.id, run.config, run.environment or {}, store.metrics(name), run.parent)
    if (model := pretrained.find(Path(name).name)) is not None:
        return Record(model.name, model.config, model.card.get("environment") or {}, model.metrics())
    raise UserError(f"There is no run {name} in {store.root}, and no pretrained model of that name.")


def compare(before: Record, after: Record) -> tuple[bool, list[str]]:
    """Whether all values that both have are the same to the last bit, and sentences that say so, or where they part and
    what else differs."""
    both = before.metrics.merge(after.metrics, on=["name", "step"], suffixes=("_before", "_after"))
    both = both[
        ~both["name"].str.startswith(f"{EVALUATION}/")
    ]  # which was measured with other threads, and is no training
    old, new = both["value_before"], both["value_after"]
    differing = both[(old != new) & ~(old.isna() & new.isna())]
    if both.empty:
        return False, [f"There is nothing to compare: {before.name} and the new run have no step in common."]
    if differing.empty:
        curves, last = both["name"].nunique(), both["step"].max()
        said = f"It is the same again: all {len(both):,} values of {curves} curves up to step {last:,} are those of {before.name}."
        return True, [said]
    first = differing.sort_values("step", kind="stable").iloc[0]
    found = (
        f"It differs from {before.name} from step {first['step']:,} (epoch {first['epoch_after']:.2f}) on: "
        f"{first['name']} is {first['value_after']:.9g} and was {first['value_before']:.9g}."
    )
    return False, [found, *_reasons(before.environment, after.environment)]


def _reasons(before: dict[str, str], after: dict[str, str]) -> list[str]:
    known = [name for name in CALLED if name in before and name in after]
    changed = [
        f"{CALLED[name]} ({before[name]} then, {after[name]} now)" for name in known if before[name] != after[name]
    ]
    unknown = [CALLED[name] for name in CALLED if name not in before]
    said = [f"What differs: {', '.join(changed)}."] if changed else []
    same = [CALLED[name] for name in known if before[name] == after[name]]
    if same and not changed:
        said.append(f"The same in both: {', '.join(same)}.")
    if unknown:
        said.append(f"Not recorded then: {', '.join(unknown)}.")
    return said
