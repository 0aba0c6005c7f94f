"""What training tells while it runs."""

from typing import Literal

BATCH_SIZE = "batch_size"  # in the environment of a run: the one that it has, which may be less than the configured one
Level = Literal["info", "warning", "error"]


class Report:
    """Where training tells what happens. This one, for the processes that must not write, keeps quiet."""

    def started(self, step: int, total_steps: int, environment: dict[str, str]) -> None:
        """Training starts or resumes at ``step``; rows of later steps, from before it was resumed, are void."""

    def progress(self, step: int, epoch: float, images_per_second: float, seconds: float) -> None:
        """How far and how fast it is; ``seconds`` have been spent on training in all. Comes before the rows of its step."""

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        """Values of curves, named ``train/…``, ``validation/…``, ``test/…`` or ``score/…``."""

    def event(self, text: str, level: Level = "info") -> None:
        """One sentence for the user."""

    def saved(self, step: int) -> None:
        """A checkpoint is on disk."""
