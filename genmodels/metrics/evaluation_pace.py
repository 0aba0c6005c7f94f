"""How long an evaluation will yet take: told by how the last one of its family went on this machine.

What an evaluation does, and in which order, depends on the family and its images, and each part has a speed of its own: only one that
has come to its end tells how much follows. A slower one, of a larger network or on a busy machine, is taken to be slower in all parts.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, RootModel, ValidationError

from genmodels.runs.run import Line, Number
from genmodels.storage.files import write_text
from genmodels.storage.paths import home

FILE = "evaluation-pace.json"


class Part(BaseModel):
    """What was done, and between which seconds since the beginning."""

    text: Line
    began: Number
    ended: Number


class Course(BaseModel):
    """The ``parts`` of an evaluation, in their order, and the ``seconds`` that all of it took."""

    parts: list[Part] = Field(max_length=100)
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)]

    def place(self, number: int, text: str, share: float) -> float | None:
        """The share of the whole that is done where that much is of a part, by its number; None where that part was another one."""
        if number >= len(self.parts) or self.parts[number].text != text:
            return None
        part = self.parts[number]
        return min(1.0, (part.began + share * (part.ended - part.began)) / self.seconds)


class Courses(RootModel[dict[str, Course]]):
    """The last one of each family."""


def last_course(family: str) -> Course | None:
    """Of an evaluation of that family on this machine; None before there was one."""
    return _courses().get(family)


def keep_course(family: str, course: Course) -> None:
    """As the last one."""
    write_text(_file(), Courses(_courses() | {family: course}).model_dump_json())


def _courses() -> dict[str, Course]:
    try:
        return Courses.model_validate_json(_file().read_bytes()).root
    except (OSError, ValidationError):
        return {}


def _file() -> Path:
    return home() / FILE
