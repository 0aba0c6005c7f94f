"""How often a good run is blamed, looked at after every epoch, and how many of the runs that were made bad are named right.

    python -m benchmarks.health --rows FOLDER --pretrained 1

keeps the rows of each run in FOLDER and trains none whose rows are there, so that other thresholds can be tried on the same runs.
The thresholds of ``genmodels.training.diagnosis`` and the options of the runs were chosen on other seeds than those measured here.
"""

import argparse
import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from accelerate.state import AcceleratorState

from benchmarks.faults import Case, bad, defaults, good, pretrained
from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.errors import TrainingError
from genmodels.storage.callbacks import Report
from genmodels.training.diagnosis import EARLY, GOOD, Diagnosis, diagnose
from genmodels.training.trainer import Trainer

FIRST_SEED = 300


class Rows(Report):
    """Keeps the rows that the run store would be given."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, float, float]] = []

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.rows += [(name, step, epoch, value) for name, value in values.items()]

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["name", "step", "epoch", "value"])


def train(case: Case, seed: int) -> pd.DataFrame:
    """Play it; the rows (name, step, epoch, value) that it leaves."""
    kept = Rows()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(case.config(seed), Path(folder), kept)
        case.sabotage(trainer)
        end = (case.played or trainer.config.epochs) * trainer.steps_per_epoch
        try:
            trainer.run(lambda: trainer.step >= end)
        except TrainingError:  # which is one of the faults
            pass
        finally:
            AcceleratorState._reset_state()
    return kept.frame()


def rows_of(case: Case, seed: int, folder: Path) -> pd.DataFrame:
    """From ``folder``, or trained and kept there."""
    path = folder / f"{re.sub('[^a-z0-9.]+', '-', case.name.lower())}-{seed}.csv"
    if not path.exists():
        train(case, seed).to_csv(path, index=False)
    rows = pd.read_csv(path)
    return rows[rows["epoch"] <= (case.played or math.inf)]  # a stop may take a few steps


def looks(config: dict[str, Any], rows: pd.DataFrame) -> Iterator[Diagnosis]:
    """What stood on the page after each look at the samples or at the test images, and where training broke off."""
    looked = rows[rows["name"].str.startswith(("score/", "test/"))]["step"]
    for step in sorted({*looked, rows["step"].max()}):
        yield diagnose(config, rows[rows["step"] <= step])


def right(case: Case, found: Diagnosis) -> bool:
    """Whether the first finding is the fault, and suspects the setting that is to blame."""
    if not found.findings:
        return False
    first = found.findings[0]
    return first.kind in case.expected and case.suspect in ("", first.causes[0].field)


def of_good(runs: Iterable[tuple[str, dict[str, Any], pd.DataFrame]]) -> dict[str, float]:
    """Shares of all looks at runs (name, config, rows) without a fault; those that are blamed are named, with the looks."""
    told: Counter[str] = Counter()
    blamed: Counter[str] = Counter()
    for name, config, rows in runs:
        states = [str(found) for found in looks(config, rows)]
        told.update(state if state in (GOOD, EARLY) else "alarm" for state in states)
        blamed.update(f"blamed: {name}: {state}" for state in states if state not in (GOOD, EARLY))
    shares = {f"{state}, share of {told.total()} looks": told[state] / told.total() for state in ("alarm", EARLY, GOOD)}
    return shares | {name: float(count) for name, count in blamed.items()}


def of_bad(runs: Iterable[tuple[Case, int, pd.DataFrame]]) -> dict[str, float]:
    """Shares of runs that are named right at their end, by fault; what the others are called; and how often another name stood
    for a while."""
    made: Counter[str] = Counter()
    named: Counter[str] = Counter()
    wrong: dict[str, float] = {}
    misnamed = []
    for case, seed, rows in runs:
        found = list(looks(case.config(seed).model_dump(), rows))
        made[case.expected[0]] += 1
        named[case.expected[0]] += right(case, found[-1])
        misnamed += [bool(look.findings) and look.findings[0].kind not in case.expected for look in found]
        if not right(case, found[-1]):
            suspect = found[-1].findings[0].causes[0].field if found[-1].findings else "nothing"
            wrong[f"missed: {case.name}, seed {seed}: {found[-1]}, suspecting {suspect}"] = 1.0
    total = {
        f"named right, share of {made.total()} bad runs": named.total() / made.total(),
        f"named wrong, share of {len(misnamed)} looks at bad runs": sum(misnamed) / len(misnamed),
    }
    return total | {f"{fault}: named right of {made[fault]}": float(named[fault]) for fault in made} | wrong


def measured(turns: int, folder: Path, epochs: int = 0, first: int = FIRST_SEED) -> dict[str, float]:
    """See ``of_good`` and ``of_bad``, over so many seeds; with the first ``epochs`` of the pretrained models' commands."""
    seeds = range(first, first + turns)
    groups = {"defaults": defaults(), "small": good(), "commands": pretrained(epochs) if epochs else []}
    results: dict[str, float] = {}
    for group, cases in groups.items():
        runs = ((f"{c.name}, seed {s}", c.config(s).model_dump(), rows_of(c, s, folder)) for s in seeds for c in cases)
        results |= {f"{group}: {name}": value for name, value in of_good(runs).items()} if cases else {}
    own = ((model.name, model.config, model.metrics()) for model in pretrained_models())
    results |= {f"pretrained: {name}": value for name, value in of_good(own).items()}
    return results | of_bad((case, seed, rows_of(case, seed, folder)) for seed in seeds for case in bad())


def measure(turns: int) -> dict[str, float]:
    """As ``measured``, with nothing kept."""
    with tempfile.TemporaryDirectory() as folder:
        return measured(turns, Path(folder))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--rows", type=Path, required=True, metavar="FOLDER", help="where the rows of the runs are kept"
    )
    parser.add_argument("--turns", type=int, default=3, help="seeds of each run [default 3]")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help=f"the first of them [default {FIRST_SEED}]")
    parser.add_argument("--pretrained", type=int, default=0, metavar="EPOCHS", help="of their commands; needs MNIST")
    options = parser.parse_args()
    options.rows.mkdir(parents=True, exist_ok=True)
    print(json.dumps(measured(options.turns, options.rows, options.pretrained, options.seed), indent=2))


if __name__ == "__main__":
    main()
