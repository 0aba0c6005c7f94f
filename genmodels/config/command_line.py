"""A config at the command line: the flags of its fields, and the command that trains it."""

import shlex
from dataclasses import dataclass
from typing import Any, Literal

from pydantic.fields import FieldInfo

from genmodels.config.base import RunConfig, condition
from genmodels.config.families import is_known, parse
from genmodels.config.wording import allowed
from genmodels.storage.paths import INSTALLED

TRAIN = "genmodels train" if INSTALLED else "python train.py"  # what one types here to train


@dataclass(frozen=True)
class Origin:
    """The run, by its id, and with which of its weights a new run begins: its ``newest``, its ``best``, or those at its ``start``,
    where it has them of another run itself."""

    run: str
    checkpoint: Literal["newest", "best", "start"] = "newest"


FROM: dict[str, Literal["newest", "best", "start"]] = {"from": "newest", "from_best": "best", "from_start": "start"}


def command_line(config: RunConfig, origin: Origin | None = None) -> str:
    """The shortest ``python train.py ...``, or ``genmodels train ...`` where that is installed, that gives this config when
    pasted into a shell, and begins with the weights of ``origin``."""
    words = [*TRAIN.split(), config.family]
    defaults = config.defaults(config.model_dump())
    for name in type(config).options():
        value = getattr(config, name)
        if value == defaults[name]:
            continue
        if isinstance(value, bool):
            words.append(flag(name) if value else negated(name))
        elif str(value).startswith("-"):  # on its own it would be taken for a flag
            words.append(f"{flag(name)}={value}")
        else:
            words += [flag(name), str(value)]
    if origin:
        words += [flag(next(name for name in FROM if FROM[name] == origin.checkpoint)), origin.run]
    return shlex.join(words)


def flag(name: str, value: Any = None) -> str:
    """A field on the command line, with a value or without: ``--dataset folder``."""
    words = [f"--{name.replace('_', '-')}"]
    return shlex.join(words if value is None else [*words, str(value)])


def negated(name: str) -> str:
    """What turns a field off that is true or false: ``--no-binarize``."""
    return flag(f"no_{name}")


def help_line(field: FieldInfo) -> str:
    """What a field means, what it accepts and its default, for the command line."""
    parts: list[str] = []
    if field.annotation not in (str, bool):  # of a text, the meaning says what it accepts
        parts.append(allowed(field))
    if field.annotation is bool:
        parts.append(f"default {'yes' if field.default else 'no'}")
    elif field.default != "":
        parts.append(f"default {field.default}")
    needed = condition(field)
    only = f" Only with {flag(*needed)}." if needed else ""
    return f"{field.description}{only}" + (f" [{'; '.join(parts)}]" if parts else "")


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
