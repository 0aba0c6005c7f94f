"""Which checkpoints there are, and the digests by which each is known to be whole. Free of torch, for those who only carry it."""

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.storage.strict_json import read_object

FORMAT = 1
NEWEST, BEST = "checkpoints", "best"  # the folders of a run that hold them
START = "start"  # and the one with the weights of another run that it begins with
WEIGHTS, TRAINING, STATE = "weights.safetensors", "training.safetensors", "state.json"


class CheckpointError(Exception):
    """A checkpoint that cannot be used; the message says which and why."""


class VersionError(CheckpointError, UserError):
    """A whole checkpoint that another version wrote, and can read."""


def seal(folder: Path, step: int, state: dict[str, Any]) -> None:
    """Write ``state.json`` beside the two files of tensors: step, plain values, and the digests of all three."""
    document = {"format": FORMAT, "step": step, "state": state}
    (folder / STATE).write_text(json.dumps(document | {"sha256": _digests(folder, document)}), encoding="utf-8")


def verify(folder: Path) -> dict[str, Any]:
    """What ``seal`` wrote; raises ``CheckpointError`` when a part is missing, cut short, changed or of another version."""
    try:
        document = read_object(folder / STATE)
        written = document.pop("sha256")
        changed = [name for name, digest in _digests(folder, document).items() if written[name] != digest]
        if document["format"] != FORMAT:
            kind = CheckpointError if changed else VersionError
            raise kind(
                N_(
                    "{name} was written by another version (format {format}); use that one.",
                    name=folder.name,
                    format=document["format"],
                )
            )
        if changed:
            raise CheckpointError(
                N_("{name} is damaged: {changed} is not what was written.", name=folder.name, changed=changed[0])
            )
        if not (isinstance(document["step"], int) and isinstance(document["state"], dict)):
            raise TypeError("not what was sealed")
        for name in (WEIGHTS, TRAINING):
            with safe_open(folder / name, "numpy"):  # reads the header, which must fit the file
                pass
    except (OSError, KeyError, TypeError, ValueError, SafetensorError) as error:
        raise CheckpointError(N_("{name} is incomplete and cannot be read.", name=folder.name)) from error
    return document


def steps(folder: Path) -> list[int]:
    """The steps of the checkpoints in ``folder``, oldest first."""
    return sorted(int(path.name.removeprefix("step-")) for path in folder.glob("step-*"))


def _digests(folder: Path, document: dict[str, Any]) -> dict[str, str]:
    # Plain JSON values give the same text before they are written and after they were read.
    return {name: _digest(folder / name) for name in (WEIGHTS, TRAINING)} | {
        STATE: hashlib.sha256(json.dumps(document).encode()).hexdigest()
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
