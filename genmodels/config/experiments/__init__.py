"""Prepared experiments: set-ups that each show one thing, one file a family, found by the family's name."""

import importlib
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.experiments.experiment import Experiment, Sign
from genmodels.config.families import FAMILIES, parse

__all__ = ["Experiment", "Sign", "config_of", "experiment_of", "experiments"]

# Whoever changes these sees the same: another seed, another machine, or how often somebody looks.
INDIFFERENT_GROUPS, INDIFFERENT = ("Machine",), ("seed",)


@cache
def experiments(family: str) -> tuple[Experiment, ...]:
    """Those of a family, in the order in which they are shown; none for one that has no file."""
    name = f"{__name__}.{family}"
    if find_spec(name) is None:
        return ()
    found: tuple[Experiment, ...] = importlib.import_module(name).EXPERIMENTS
    return found


def config_of(family: str, experiment: Experiment) -> RunConfig:
    """What a run of it is configured by."""
    return parse({"family": family} | experiment.values)


def experiment_of(config: Mapping[str, Any]) -> Experiment | None:
    """The experiment that a run of ``config``, plain values as in a run, plays; None where it plays none."""
    family = config.get("family", "")
    if family not in FAMILIES:
        return None
    groups = FAMILIES[family].groups()
    free = {*INDIFFERENT, *(name for group in INDIFFERENT_GROUPS for name in groups.get(group, ()))}
    return next((found for found in experiments(family) if _same(config_of(family, found), config, free)), None)


def _same(wanted: RunConfig, config: Mapping[str, Any], free: set[str]) -> bool:
    return all(config.get(name, value) == value for name, value in wanted.model_dump().items() if name not in free)
