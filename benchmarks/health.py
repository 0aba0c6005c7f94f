"""How many of the runs that were made bad are found out, and how many good ones are blamed. Each run takes some seconds.

The thresholds of ``genmodels.training.diagnosis`` and the options of the runs were chosen on other seeds than those measured here.
"""

import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd
from accelerate.state import AcceleratorState

from benchmarks.faults import Case, bad, good
from genmodels.errors import TrainingError
from genmodels.storage.callbacks import Report
from genmodels.training import diagnosis
from genmodels.training.trainer import Trainer

FIRST_SEED = 200


class Rows(Report):
    """Keeps the rows that the run store would be given."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, float, float]] = []

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.rows += [(name, step, epoch, value) for name, value in values.items()]

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(self.rows, columns=["name", "step", "epoch", "value"])


def rows_of(case: Case, seed: int) -> pd.DataFrame:
    """Train it; the rows (name, step, epoch, value) that it leaves."""
    kept = Rows()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(case.config(seed), Path(folder), kept)
        case.sabotage(trainer)
        try:
            trainer.run()
        except TrainingError:  # which is one of the faults
            pass
        finally:
            AcceleratorState._reset_state()
    return kept.frame()


def measure(turns: int) -> dict[str, float]:
    """Over so many seeds: shares of all runs, and for each fault the share of its runs that have a finding that fits it.

    What was missed and what was blamed for nothing is named, with 1.
    """
    made: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    names: dict[str, float] = {}
    for seed in range(FIRST_SEED, FIRST_SEED + turns):
        for case in (*good(), *bad()):
            found = {
                finding.kind for finding in diagnosis.findings(case.config(seed).model_dump(), rows_of(case, seed))
            }
            fault = case.expected[0] if case.expected else diagnosis.GOOD
            made[fault] += 1
            if found and not case.expected:
                wrong[fault] += 1
                names[f"blamed: {case.name}, seed {seed}, {', '.join(sorted(found))}"] = 1
            elif case.expected and not found & {*case.expected}:
                wrong[fault] += 1
                names[f"missed: {case.name}, seed {seed}"] = 1
    faults = [fault for fault in made if fault != diagnosis.GOOD]
    runs = sum(made[fault] for fault in faults)
    return {
        f"false alarms, share of {made[diagnosis.GOOD]} good runs": wrong[diagnosis.GOOD] / made[diagnosis.GOOD],
        f"caught, share of {runs} bad runs": 1 - sum(wrong[fault] for fault in faults) / runs,
        **{f"{fault}: caught of {made[fault]}": float(made[fault] - wrong[fault]) for fault in faults},
        **names,
    }
