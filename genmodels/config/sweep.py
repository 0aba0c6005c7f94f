"""A sweep: one set-up with several seeds, with several values of one setting, or with both."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from genmodels.config.base import RunConfig, matters
from genmodels.config.setup import PRIVATE
from genmodels.config.wording import Called, by_name, explain
from genmodels.errors import TrainingError
from genmodels.language import N_, ngettext

MACHINE = "Machine"  # the group of settings that change nothing of what a run computes


def sweepable(config: type[RunConfig]) -> dict[str, FieldInfo]:
    """The settings that a sweep may vary, by their names."""
    kept = {*PRIVATE, *config.groups()[MACHINE]}
    return {name: field for name, field in config.options().items() if name not in kept and field.annotation is not str}


Config = TypeVar("Config", bound=RunConfig)


def sweep(
    config: Config, seeds: int = 1, name: str = "", values: Sequence[Any] = (), called: Called = by_name
) -> dict[str, Config]:
    """The configs of a sweep by what tells each from the others, such as "beta 4, seed 1": one for each of the ``values`` of the
    setting ``name``, as somebody has typed them, and each of so many ``seeds``, from that of ``config`` on.

    Each is what its own command line would give: a setting that ``config`` leaves at its default follows the one that is varied.
    Raises ``TrainingError``, which names the first value that is not allowed, of a setting that is ``called`` so.
    """
    family = type(config)
    if name and name not in sweepable(family):
        raise TrainingError(
            N_("{name} cannot be varied: choose one of {choices}.", name=name, choices=", ".join(sweepable(family)))
        )
    if name and not matters(family.model_fields[name], config.model_dump()):
        raise TrainingError(N_("{name} has no meaning with these settings: choose another one.", name=name))
    if name == "seed" and seeds > 1:
        raise TrainingError(N_("seed: give its values, or how many there are to be, and not both."))
    given, found = _given(config), {}
    for value in values if name else (None,):
        for seed in range(config.seed, config.seed + seeds):
            varied = {"seed": seed} | ({name: value} if name else {})
            try:
                variant = family.model_validate(given | varied)
            except ValidationError as error:
                raise TrainingError(next(iter(explain(error, family, called).values()))) from error
            told = [name] * bool(name) + ["seed"] * (seeds > 1 or not name)
            found[", ".join(f"{field.replace('_', ' ')} {_written(getattr(variant, field))}" for field in told)] = (
                variant
            )
    return found


def _given(config: RunConfig) -> dict[str, Any]:
    """What differs from the defaults, and the family."""
    values = config.model_dump()
    defaults = config.defaults(values)
    return {name: values[name] for name in config.options() if values[name] != defaults[name]} | {
        "family": config.family
    }


def split(text: str) -> list[str]:
    """The values in a text, which commas part, Latin or Persian ones."""
    return [value for part in re.split("[,،]", text) if (value := part.strip())]


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def seeds(n: int) -> str:
    """So many, in words."""
    return ngettext("{n} seed", "{n} seeds", n=n)
