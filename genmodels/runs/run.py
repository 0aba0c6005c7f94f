"""What a run is, and the copy of its rows that its folder keeps, which alone brings it back with all its plots."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from genmodels.language import N_, Message, told
from genmodels.runs.earlier_groups import group_by_name
from genmodels.runs.names import as_message
from genmodels.storage.callbacks import BATCH_SIZE, Level
from genmodels.storage.files import replacing, write_text
from genmodels.storage.host_lock import has_holder
from genmodels.storage.strict_json import read_object

State = Literal["queued", "running", "stopped", "finished", "failed", "interrupted"]
ALIVE: tuple[State, ...] = ("queued", "running")

CONFIG, RUN, METRICS = "config.json", "run.json", "metrics.csv"
COLUMNS = ("name", "step", "epoch", "value")  # of the last one; then SECONDS, where a row has any
SECONDS = "seconds"
OWNER = ".owner"  # hidden, so that no zip holds it, nor is believed to
EVALUATION = "evaluation"  # the folder with the scores of its newest weights, and how the names of these rows begin
GONE = N_("This run is no longer there: choose another one.")
LOG = "worker.log"  # what the run's worker printed, and the details of what went wrong in it
LOCK = "worker.lock"  # held by the run's worker as long as it lives
NO_WORKER: dict[str, Any] = {"pid": None, "locks": []}  # what the row of a run without one says of it

# What no line of text needs, and what turns the text behind it around; the joiners of Persian stay.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
LONGEST_LINE, LONGEST_TEXT, LONGEST_TAG = 200, 10_000, 40  # characters
MOST_TAGS = 20  # of a run

Row = tuple[str, int, float, float, float | None]
"""A value of a curve: name, step, epoch, value, and the seconds trained by then; None in what earlier versions have written."""


def _at_most(length: int) -> AfterValidator:
    return AfterValidator(lambda text: text if len(text) <= length else f"{text[: length - 1]}…")


# Bounds are checked where a copy is read, which may come from anywhere: the store and the pages rely on them. Text is cut, for no
# run is to be lost for many words.
Line = Annotated[str, AfterValidator(lambda text: on_one_line(text)), _at_most(LONGEST_LINE)]
Text = Annotated[str, _at_most(LONGEST_TEXT)]
Environment = Annotated[dict[Line, Line], Field(max_length=100)]
Tags = Annotated[list[str], AfterValidator(lambda tags: tidy(tags))]
ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
Id = Annotated[str, Field(pattern=f"^{ID}$", max_length=100)]
GroupId = Annotated[str, Field(pattern=f"^({ID})?$", max_length=100)]
Whole = Annotated[int, Field(ge=0, lt=2**63)]
Number = Annotated[float, Field(ge=0, lt=1e11, allow_inf_nan=False)]


@dataclass(frozen=True)
class Run:
    """One row of ``runs``: what was asked for, and how far it is. Times are seconds since 1970, ``seconds`` is time trained."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    id: Id
    name: Line
    config: dict[str, Any]
    command: Text = ""
    created: Number = 0.0
    state: State = "queued"
    attempt: Whole = 0
    queued: Number = 0.0
    stop_requested: bool = False
    pid: int | None = None
    device: Line = ""
    environment: Environment | None = None
    error: Text = ""
    step: Whole = 0
    total_steps: Whole = 0
    epoch: Number = 0.0
    images_per_second: Number = 0.0
    seconds: Number = 0.0
    note: Text = ""
    pinned: bool = False
    tags: Tags = field(default_factory=list)  # as ``tidy`` leaves them
    health: Line = ""  # kinds of findings, see ``training.diagnosis.summary``; empty where none has looked
    owner: str = ""  # the mark of who started it, see ``genmodels.runs.ownership``; empty where nobody is told apart
    parent: Line = ""  # the id of the run with whose weights it began; empty where it began anew
    until: Number = 0.0  # the epoch at which it is to stop, short of its last one; 0 where it is not
    locks: list[str] = field(default_factory=list)  # of devices, which its worker has or waits for; of no use elsewhere
    group: GroupId = ""  # that it was started in, see ``genmodels.runs.groups``; empty where it was started alone

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", as_message(self.name, self.config, self.group))  # of a frozen one

    @property
    def called(self) -> str:
        """The name in the language that is spoken, but as it is where somebody typed it, whatever word of the catalogue it may be."""
        return told(self.name) if isinstance(self.name, Message) else self.name

    @property
    def alive(self) -> bool:
        return self.state in ALIVE

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(1.0, self.step / self.total_steps) if self.total_steps else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimated training time left, or None while the speed is not known."""
        if not self.images_per_second:
            return None
        return (self.total_steps - self.step) * self._batch_size / self.images_per_second

    @property
    def _batch_size(self) -> int:
        """Images in a step: the configured number, or the one that training has lowered it to."""
        told = (self.environment or {}).get(BATCH_SIZE, "")  # runs of earlier versions, and zips, have anything here
        return int(told) if told.isdecimal() else self.config["batch_size"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a run, as one sentence for its page."""

    time: Number
    level: Level
    text: Text
    message: Text = (
        ""  # what it was made of, see ``genmodels.language.stored``; empty in what earlier versions have written
    )


def tidy(tags: Iterable[str]) -> list[str]:
    """Tags as they are kept: in one line each, none twice, neither too long nor too many, in the order of the alphabet."""
    lines = (" ".join(tag.split())[:LONGEST_TAG].rstrip() for tag in tags)
    return sorted({line for line in lines if line}, key=lambda line: (line.casefold(), line))[:MOST_TAGS]


def on_one_line(text: str) -> str:
    """``text`` without line breaks and control characters, each for a blank."""
    return UNSEEN.sub(" ", text).strip()


_RUN = TypeAdapter(Run)
_EVENTS = TypeAdapter(list[Event])


def write_copy(folder: Path, run: Run, events: Sequence[dict[str, Any]], metrics: Sequence[Sequence[Any]]) -> None:
    """Write a run's row, events and metrics, each a ``Row``, into its folder."""
    # run.json comes last: where it is, all is there.
    with replacing(folder / METRICS) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        timed = any(row[len(COLUMNS)] is not None for row in metrics)
        columns = (*COLUMNS, SECONDS) if timed else COLUMNS
        csv.writer(file, lineterminator="\n").writerows([columns, *(row[: len(columns)] for row in metrics)])
    if run.owner:
        write_text(folder / OWNER, run.owner)
    values = {key: value for key, value in asdict(run).items() if key not in ("owner", "locks")}
    write_text(folder / RUN, json.dumps(values | {"events": events}, indent=2))


def rewrite_copy(folder: Path, config: dict[str, Any], **values: Any) -> None:
    """Give the run in ``folder`` another config, and other ``values`` of its row, wherever these are written there."""
    document = read_object(folder / RUN)
    write_text(folder / CONFIG, json.dumps(config, indent=2))
    write_text(folder / RUN, json.dumps(document | values | {"config": config}, indent=2))


def read_copy(folder: Path) -> tuple[Run, list[Event]]:
    """A run and its events from its folder; one that was under way has become "interrupted", unless its worker still lives.

    Raises ``OSError``, ``KeyError``, ``TypeError`` or ``ValueError`` when it is not what ``write_copy`` writes.
    """
    document = read_object(folder / RUN)
    events = _EVENTS.validate_python(document["events"])
    run = _RUN.validate_python({key: value for key, value in document.items() if key != "events"})
    owner = folder / OWNER
    if "group" not in document:
        run = replace(run, group=group_by_name(run.name, run.config.get("family", "")))
    run = replace(run, owner=owner.read_text(encoding="utf-8") if owner.exists() else "", locks=[])
    if run.alive and not has_holder(folder / LOCK):
        run = replace(run, state="interrupted", stop_requested=False, **NO_WORKER)
    return run, events


def read_metrics(folder: Path) -> Iterator[Row]:
    """The rows of a run from its folder, one at a time; raises as ``read_copy`` does."""
    with (folder / METRICS).open(newline="", encoding="utf-8") as file:
        try:
            for row in csv.DictReader(file):
                seconds = float(row[SECONDS]) if row.get(SECONDS) else None
                yield row["name"], int(row["step"]), float(row["epoch"]), float(row["value"] or "nan"), seconds
        except csv.Error as error:
            raise ValueError(f"{METRICS}: {error}") from error
