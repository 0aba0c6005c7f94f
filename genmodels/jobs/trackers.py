"""The curves of a run in a tracker as well: TensorBoard, trackio or Weights & Biases, each through Accelerate.

Only looks on: what a tracker does or fails to do changes nothing in the run.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genmodels.config.base import RunConfig
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.run import Run
from genmodels.storage.callbacks import Level, Report

if TYPE_CHECKING:
    from accelerate import Accelerator

PROJECT = "generative-models-lab"
TITLES = {"tensorboard": "TensorBoard", "trackio": "trackio", "wandb": "Weights & Biases"}


def require(config: RunConfig) -> None:
    """Raise ``UserError`` when the package that ``log_with`` needs is not installed."""
    if config.log_with == "none":
        return
    try:
        version(config.log_with)
    except PackageNotFoundError:
        raise UserError(
            N_(
                "The tracker {log_with} is not installed here: run `pip install {log_with}`, or start without a "
                "tracker (log_with none).",
                log_with=config.log_with,
            )
        ) from None


@contextmanager
def tracked(report: Report, config: RunConfig, run: Run, folder: Path) -> Iterator[Report]:
    """A report that does what ``report`` does, and tells a tracker too if the config asks for one.

    Raises ``UserError`` as ``require`` does. For the main process alone.
    """
    require(config)
    if config.log_with == "none":
        yield report
        return
    tracking = _Tracked(report, config, run, folder)
    try:
        yield tracking
    finally:
        tracking.finish()


class _Tracked(Report):
    def __init__(self, report: Report, config: RunConfig, run: Run, folder: Path) -> None:
        self.report, self.config, self.run, self.folder = report, config, run, folder
        self.accelerator: Accelerator | None = None  # while it is told of anything

    def started(self, step: int, total_steps: int, environment: dict[str, str]) -> None:
        self.report.started(step, total_steps, environment)
        self._try(lambda: self._start(step))

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        self.report.progress(step, epoch, images_per_second, seconds)

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.report.metrics(step, epoch, values)
        if self.accelerator is not None:
            accelerator = self.accelerator
            self._try(lambda: accelerator.log(values | {"epoch": epoch}, step=step))

    def event(self, text: str, level: Level = "info") -> None:
        self.report.event(text, level)

    def saved(self, step: int) -> None:
        self.report.saved(step)

    def finish(self) -> None:
        """Let the tracker write what it still holds."""
        if self.accelerator is not None:
            # Not by `end_training`, which takes the process group from the other processes too.
            for tracker in self.accelerator.trackers:
                self._try(tracker.finish)

    def _start(self, step: int) -> None:
        from accelerate import Accelerator

        name = self.config.log_with
        if name == "wandb" and "WANDB_MODE" not in os.environ and not _has_key():
            os.environ["WANDB_MODE"] = "offline"  # else it would ask for a key
            self.event(
                N_(
                    "Weights & Biases has no key here, so its curves stay in the run's folder: "
                    "send them later with `wandb sync wandb/offline-run-*` from there."
                )
            )
        # It shares all it knows of the devices with the one that trains.
        accelerator = Accelerator(log_with=name, project_dir=self.folder)
        # Logged anew after a resume: what the run's last life had told of later steps is void.
        options: dict[str, dict[str, Any]] = {
            "tensorboard": {"purge_step": step + 1},
            "trackio": {"name": self.run.id, "resume": "allow"},
            "wandb": {"name": self.run.name, "id": self.run.id, "resume": "allow", "dir": self.folder},
        }
        # TensorBoard takes the project for the name of its folder.
        project = name if name == "tensorboard" else PROJECT
        accelerator.init_trackers(project, self.config.model_dump() if step == 0 else None, {name: options[name]})
        self.accelerator = accelerator

    def _try(self, act: Callable[[], None]) -> None:
        """Do it; the first time that it fails is told, and is the last time that it is tried."""
        try:
            act()
        except Exception as error:
            self.accelerator = None
            first_line = str(error).partition("\n")[0]
            self.event(
                N_(
                    "{titles} failed ({kind}: {first_line}), so it is told no more of this run; training goes on, and "
                    "all curves are kept here.",
                    titles=TITLES[self.config.log_with],
                    kind=type(error).__name__,
                    first_line=first_line,
                ),
                "warning",
            )


def _has_key() -> bool:
    """Whether Weights & Biases would find a key without asking."""
    if os.environ.get("WANDB_API_KEY"):
        return True
    try:
        return any("wandb" in host for host in netrc().hosts)
    except (OSError, NetrcParseError):
        return False
