"""What a judge that was trained on a set of images has learnt, as it is kept beside its weights. Free of torch."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from genmodels.language import N_

Task = Literal[
    "labels", "turns"
]  # what it has learnt to tell: the classes of images, or by how many quarter turns each is turned
NAMES: dict[Task, str] = {
    "labels": N_("a network trained on these images' labels, {n:,} images"),
    "turns": N_("a network trained to tell quarter turns of these images, {n:,} images"),
}


def name_of(task: Task, images: int) -> str:
    """What scores call the network that has learnt a task from so many images."""
    return N_(NAMES[task], n=images)


class Card(BaseModel):
    """By now: its task, what its outputs are called, and from how many images it learns; the ``seconds`` that has taken, and the ``share``
    of the training that is done. ``accuracy``: at its task on test images, None before the end."""

    model_config = ConfigDict(frozen=True)

    task: Task
    classes: tuple[str, ...]
    images: int
    seconds: float = 0.0
    share: float = 0.0
    accuracy: float | None = None

    @property
    def seconds_left(self) -> float | None:
        """None before anything is known of its pace."""
        return self.seconds * (1 - self.share) / self.share if self.share else None


def read(path: Path) -> Card | None:
    """None where there is no such file, or one that is no card."""
    try:
        return Card.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
