"""What an unpacked run consists of, before it is believed: all of it must be such as this program could have written."""

import math
import re
from pathlib import Path
from typing import Any

from PIL import Image
from pydantic import ValidationError

from genmodels.checkpoints import code_history
from genmodels.checkpoints.integrity import BEST, NEWEST, START, CheckpointError, verify
from genmodels.config.base import RunConfig
from genmodels.config.command_line import command_line
from genmodels.config.families import understood
from genmodels.data.folder_check import elsewhere
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.run import CONFIG, Event, Run, read_copy, read_metrics, rewrite_copy
from genmodels.runs.zip_members import AGAIN, ArchiveError, open_zip, unpack_to_too_much
from genmodels.storage.strict_json import read_object

LONGEST_NAME = 100  # characters of what is named in a refusal
MOST_PIXELS = 4096  # along a side of a picture
MOST_EVENTS = 5_000
ROWS_OF_A_CURVE = 20  # in an epoch; see ``trainer.ROWS_PER_EPOCH``, of which whole steps can make nearly twice as many
MOST_EPOCHS = 1e6  # that a row may be of: many times what any setting allows
SCORES, LOOKS = 32, 100  # names of what a look at the samples gives, and looks in an epoch, at most
# Whatever the settings say, which come in the zip, too. In the longest training, of 2,000 epochs, the curves of the family with the
# most of them, InfoGAN, have at most 420,000 rows; this leaves room for 290 scores an epoch, of nine evaluations and more.
MOST_ROWS = 1_000_000

STAMPED = re.compile(r"[a-z0-9]+-\d{8}-\d{6}-[0-9a-f]{8}")  # an id as this program makes it
CHECKPOINT = re.compile(r"step-\d{8,15}")
PICTURE = re.compile(r"[a-z_]+-\d{8,15}\.png")
CURVE = re.compile(r"(train|validation|test|score|weights|evaluation)/[A-Za-z0-9_.-]{1,200}")


def check(folder: Path, called: str) -> Run:
    """The run that was unpacked into ``folder``, and that its zip calls ``called``; raises ``ArchiveError``, or what reading
    damaged files raises.

    What another machine says of itself is not taken over: the path of its images, and the command to give them again.
    """
    try:
        run, config = _run_of(folder, called)
    except (LookupError, TypeError, ValidationError) as error:
        raise ArchiveError(
            N_(
                "This run is of another version of this program, or altered ({what}): update this one, or import it there.",
                what=_first_wrong(error),
            )
        ) from error
    _check_rows(folder, most_rows(config))
    _check_checkpoints(folder)
    for path in (folder / "pictures").glob("*"):
        _check_picture(path)
    _check_codes(folder)
    for path in folder.rglob("*.npz"):  # a zip within the zip
        with open_zip(path) as arrays:
            if unpack_to_too_much(arrays.infolist()):
                raise ArchiveError(
                    N_("{name} unpacks to more than any run needs: {again}.", name=path.name, again=AGAIN)
                )
    return run


def most_rows(config: RunConfig) -> int:
    """So many rows a run of ``config`` has at most, of curves and scores together."""
    looks = min(LOOKS, 1 + 1 / config.check_every) if config.check_every else 0
    rows = round(config.epochs * (len(config.curves) * (ROWS_OF_A_CURVE + 1) + SCORES * looks)) + 100
    return min(rows, MOST_ROWS)


def _first_wrong(error: Exception) -> str:
    """The first part of a record that is not as this version writes it."""
    parts = error.errors()[0]["loc"] if isinstance(error, ValidationError) else error.args[:1]
    return ".".join(map(str, parts))[:LONGEST_NAME]


def _config_of(written: dict[str, Any], name: str) -> RunConfig:
    try:
        return understood(written, name)
    except UserError as error:
        raise ArchiveError(error.args[0]) from error


def _run_of(folder: Path, called: str) -> tuple[Run, RunConfig]:
    written: dict[str, Any] = read_object(folder / CONFIG)
    run, events = read_copy(folder)
    stamped = STAMPED.search(called)
    if run.config != written or (stamped and stamped[0] != run.id):
        raise ArchiveError(N_("The parts of this zip are of different runs: {again}.", again=AGAIN))
    _check_events(events)
    known = _config_of(written, run.id)
    config = _config_of(written | {"folder": elsewhere(known.folder)}, run.id)
    command = command_line(config)
    name = run.name or config.default_name
    # Pages rely on all options, and the run's version may not have had some yet.
    if (config.model_dump(), command, name) != (written, run.command, run.name):
        rewrite_copy(folder, config=config.model_dump(), command=command, name=name)
        run, _ = read_copy(folder)
    return run, config


def _check_events(events: list[Event]) -> None:
    if len(events) > MOST_EVENTS:
        raise ArchiveError(N_("This run tells more than any run does: {again}.", again=AGAIN))


def _check_rows(folder: Path, most: int) -> None:
    for count, (name, step, epoch, _, seconds) in enumerate(read_metrics(folder), start=1):
        if count > most:
            raise ArchiveError(
                N_(
                    "This run has more than the {most:,} values that one of its settings may bring: {again}.",
                    most=most,
                    again=AGAIN,
                )
            )
        if (
            not CURVE.fullmatch(name)
            or not 0 <= step < 2**63
            or not 0 <= epoch < MOST_EPOCHS
            or not 0 <= (seconds or 0) < math.inf
        ):
            raise ValueError(N_("not a row of a curve"))


def _check_checkpoints(folder: Path) -> None:
    try:
        for checkpoint in (path for kind in (NEWEST, BEST, START) for path in (folder / kind).glob("*")):
            if not CHECKPOINT.fullmatch(checkpoint.name):
                raise CheckpointError(N_("{name} is none.", name=checkpoint.name))
            verify(checkpoint)
    except CheckpointError as error:
        raise ArchiveError(N_("Checkpoint {error}: {again}.", error=str(error).rstrip("."), again=AGAIN)) from error


def _check_codes(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in (folder / code_history.FOLDER).glob("*")}
    if not code_history.is_history(sizes):
        raise ArchiveError(N_("This run has kept more codes than any run does, or something else in their place: {again}.", again=AGAIN))  # fmt: skip


def _check_picture(path: Path) -> None:
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            if not PICTURE.fullmatch(path.name) or max(picture.size) > MOST_PIXELS:
                raise ValueError(N_("not a grid of samples"))
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ArchiveError(
            N_("The picture {name} in this zip is damaged: {again}.", name=path.name, again=AGAIN)
        ) from error
