"""What a training tells, on its way into the run store and to whoever started the process."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from genmodels.language import N_
from genmodels.runs.store import Run, Store
from genmodels.storage.callbacks import Level, Report
from genmodels.training import diagnosis

if TYPE_CHECKING:
    import pandas as pd

Show = Callable[[str], None]  # takes a sentence
ShowProgress = Callable[
    [int, int, float, dict[str, float]], None
]  # takes step, total steps, epoch, last values by curve


class StoreReport(Report):
    """Writes what the trainer tells into the run store, and shows it to whoever started the process."""

    def __init__(self, store: Store, run: Run, show: Show, show_progress: ShowProgress) -> None:
        self.store, self.run, self.show, self.show_progress = store, run, show, show_progress
        self.last: dict[str, float] = {}
        self.total_steps = 0
        self.seconds: float | None = None  # of training in all, as far as this attempt has told
        self.rows: pd.DataFrame | None = None  # of this attempt, as far as they were looked at
        self.known: set[str] = set()  # kinds of findings that were told
        self.early = ""  # as it was told

    def started(self, step: int, total_steps: int, environment: dict[str, str]) -> None:
        self.store.drop_metrics_after(self.run.id, step)
        self.rows = None
        # A new attempt tells those who look that rows may have been dropped; it comes before any new row.
        attempt = self.run.attempt + 1
        if step and (self.run.environment or environment).get("data") not in (None, environment.get("data")):
            self.event(
                N_(
                    "The training images are not those that this run was trained on before: what comes now can differ from what "
                    "it would have been."
                ),
                "warning",
            )
        self.store.update(self.run.id, attempt=attempt, step=step, total_steps=total_steps, environment=environment)
        self.total_steps = total_steps
        self.show(f"Training {self.run.name} on {environment['device']}")

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        self.store.update(self.run.id, step=step, epoch=epoch, images_per_second=images_per_second, seconds=seconds)
        self.seconds = seconds

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.last |= values
        self.store.add_metrics(self.run.id, step, epoch, values, self.seconds)
        self.show_progress(step, self.total_steps, epoch, self.last)
        if any(
            name.startswith(("test/", "validation/", "score/")) or not math.isfinite(value)
            for name, value in values.items()
        ):
            self._look_after_health()

    def _look_after_health(self) -> None:
        """Note what is wrong with the run now, and tell what is new."""
        self.rows = self.store.with_new_metrics(self.run.id, self.rows)
        found = diagnosis.diagnose(self.run.config, self.rows)
        self.store.update(self.run.id, health=str(found))
        for finding in found.findings:
            # What is not finite ends training, with a sentence of its own.
            if finding.kind not in self.known and finding.kind != diagnosis.NOT_FINITE:
                self.event(finding.sentence)
        self.known = {finding.kind for finding in found.findings}
        if found.early and found.early != self.early:
            self.show(found.early)
        self.early = found.early

    def event(self, text: str, level: Level = "info") -> None:
        self.store.add_event(self.run.id, text, level)
        self.show(text)

    def saved(self, step: int) -> None:
        self.store.save_copy(self.run.id)
