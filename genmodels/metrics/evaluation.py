"""The evaluation of a run in the background: the quick scores that `genmodels evaluate RUN` prints, kept with the run. Free of torch.

`python -m genmodels.metrics.evaluation FOLDER` evaluates the run in FOLDER, which is how pages have it evaluated.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from genmodels.language import N_
from genmodels.language.stored import recalled, stored
from genmodels.metrics.evaluation_pace import Course, Part, keep_course, last_course
from genmodels.runs.evaluation import FILE, QUICK_DRAWS, QUICK_IMAGES, Card, Evaluation, evaluation_of, rows
from genmodels.runs.run import EVALUATION, Line, Number, Text
from genmodels.runs.store import Store
from genmodels.storage.background import Background, work
from genmodels.storage.files import write_text
from genmodels.storage.progress import Advance, shown_by

MOST_SECONDS = 3600.0  # several times what the largest network takes two busy cores
TOLD_EVERY = 0.5  # seconds


class Stage(BaseModel):
    """What an evaluation does just now, such as drawing images, as text and as ``language.stored`` keeps it; the ``share`` that is done
    and the seconds that are left of the whole, or, where nobody knows these, the share of what it does now, and None."""

    model_config = ConfigDict(frozen=True)

    text: Line
    message: Text = ""
    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    seconds_left: Number | None = None

    @property
    def what(self) -> str:
        return recalled(self.text, self.message)


class RunEvaluation(Background[Evaluation | Stage]):
    """The evaluation of the newest weights in a run's folder: a ``Stage`` on the way, at the end the ``Evaluation``."""

    title, kind, partial, less = (
        N_("The evaluation"),
        "evaluation",
        "stage.json",
        N_("evaluate the run in a terminal, by genmodels evaluate"),
    )

    def __init__(self, run_folder: Path, config: dict) -> None:
        self.run_folder, self.config = run_folder, config
        self._parts: list[Part] = []  # of what is done by now
        self._last: Course | None = None
        super().__init__(run_folder / EVALUATION)

    def command(self) -> list[str]:
        return [sys.executable, "-m", "genmodels.metrics.evaluation", str(self.run_folder)]

    def make_room(self) -> None:
        """A run has one folder for it, in which the newest evaluation takes the place of that before."""

    def finished_result(self) -> Evaluation | None:
        return evaluation_of(self.run_folder, self.config)

    def partial_result(self) -> tuple[Stage, float] | None:
        try:
            stage = Stage.model_validate_json((self.folder / self.partial).read_bytes())
        except (OSError, ValidationError):
            return None
        return stage, stage.share

    def compute(self) -> Card:
        """Evaluate it here, and keep the scores in its folder, and some among its rows; raises ``UserError`` where its weights or its
        images cannot be had."""
        from genmodels.inference.load import load_model
        from genmodels.metrics.evaluate import evaluate

        trained = load_model(self.run_folder)
        self._last = last_course(trained.config.family)
        with shown_by(self._bar):
            scores = evaluate(trained, iw_k=QUICK_DRAWS, samples=QUICK_IMAGES)
        keep_course(trained.config.family, Course(parts=self._parts, seconds=self._elapsed()))
        reasons = {name: (str(why), stored(why)) for name, why in scores.pop("reasons", {}).items()}
        card = Card(step=trained.step, classes=list(trained.classes), scores=scores, reasons=reasons)
        store = Store()
        run = store.get(self.run_folder.name)
        if run is not None and run.step:
            epoch = run.epoch * trained.step / run.step
            store.add_metrics(run.id, trained.step, epoch, rows(card), run.seconds)
            store.save_copy(run.id)
        write_text(self.folder / FILE, card.model_dump_json(indent=2))
        (self.folder / self.partial).unlink(missing_ok=True)
        return card

    @contextmanager
    def _bar(self, what: str, total: int, unit: str) -> Iterator[Advance]:
        began, done, told = self._elapsed(), 0, 0.0

        def advance(more: int) -> None:
            nonlocal done, told
            done += more
            self.must_be_within(MOST_SECONDS)
            if (now := time.monotonic()) - told > TOLD_EVERY:
                self._tell(self._stage(what, min(1.0, done / total)))
                told = now

        self._tell(self._stage(what, 0.0))
        yield advance
        self._parts.append(Part(text=what, began=began, ended=self._elapsed()))

    def _stage(self, what: str, share: float) -> Stage:
        stage = Stage(text=what, message=stored(what), share=share)
        place = self._last.place(len(self._parts), what, share) if self._last else None
        if not place:
            return stage
        return stage.model_copy(update={"share": place, "seconds_left": self._elapsed() * (1 - place) / place})

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    def _tell(self, stage: Stage) -> None:
        write_text(self.folder / self.partial, stage.model_dump_json())


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description="Evaluate a run.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of the run, which keeps the scores")
    work(RunEvaluation(parser.parse_args().folder, {}))


if __name__ == "__main__":
    main()
