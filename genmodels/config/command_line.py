"""The command that trains a config."""

import shlex
from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.families import is_known, parse
from genmodels.storage.paths import INSTALLED

TRAIN = "genmodels train" if INSTALLED else "python train.py"  # what one types here to train


def command_line(config: RunConfig) -> str:
    """The shortest ``python train.py ...``, or ``genmodels train ...`` where that is installed, that gives this config when
    pasted into a shell."""
    words = [*TRAIN.split(), config.family]
    defaults = config.defaults(config.model_dump())
    for name in type(config).model_fields:
        value, flag = getattr(config, name), name.replace("_", "-")
        if value == defaults[name]:
            continue
        if isinstance(value, bool):
            words.append(f"--{flag}" if value else f"--no-{flag}")
        elif str(value).startswith("-"):  # on its own it would be taken for a flag
            words.append(f"--{flag}={value}")
        else:
            words += [f"--{flag}", str(value)]
    return shlex.join(words)


def typed_here(command: str) -> str:
    """What ``command_line`` gave, here or elsewhere, as one types it here: a pretrained model may come from a checkout."""
    for elsewhere in ("python train.py ", "genmodels train "):
        if command.startswith(elsewhere):
            return f"{TRAIN} {command.removeprefix(elsewhere)}"
    return command


def command_of(values: dict[str, Any]) -> str | None:
    """The same of a run's config, which another version may have written: None where this one does not know all of it.

    Always made from the config: a command that came along with a run could be any.
    """
    return command_line(parse(values)) if is_known(values) else None
