"""What the runs of a group differ in: those that differ in the seed alone are one variant, trained several times."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES
from genmodels.config.sweep import seeds
from genmodels.config.wording import field_label
from genmodels.language import _, listed
from genmodels.runs.comparison import differences
from genmodels.runs.run import Run

SEED, FAMILY = (field_label(name, RunConfig.model_fields[name]) for name in ("seed", "family"))


def variants(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The runs of each variant, by what tells it from the others, such as "Beta 4"; by nothing where there is one alone."""
    columns, cells = _varied(runs)
    found: dict[tuple[str, ...], list[Run]] = {}
    for run, values in zip(runs, cells, strict=True):
        found.setdefault(values, []).append(run)
    return {
        listed(_with_setting(name, value) for name, value in zip(columns, values, strict=True)): members
        for values, members in found.items()
    }


def title(runs: Sequence[Run]) -> str:
    """What a list calls a group: what differs, which comes first, since narrow places cut it at its end, and what was trained."""
    columns, cells = _varied(runs)
    told = [
        _with_setting(column, listed(dict.fromkeys(row[place] for row in cells)))
        for place, column in enumerate(columns)
        if column != FAMILY
    ]
    n = len({run.config.get("seed") for run in runs})
    counted = [seeds(n)] if n > 1 else []
    differ = " × ".join([*told, *counted])
    return _("{differ}: {trained}", differ=differ, trained=what_was_trained(runs)) if differ else what_was_trained(runs)


def what_was_trained(runs: Sequence[Run]) -> str:
    """The families of a group and their images, such as "VAE on mnist"."""
    known = [FAMILIES.get(run.config["family"]) for run in runs]
    names = dict.fromkeys(
        _(config.acronym) if config else run.config["family"] for config, run in zip(known, runs, strict=True)
    )
    sets = dict.fromkeys(_(str(run.config.get("dataset", ""))) for run in runs)
    return _("{models} on {images}", models=listed(names), images=listed(sets))


def _varied(runs: Sequence[Run]) -> tuple[list[str], list[tuple[str, ...]]]:
    """The titles of the settings that tell the variants apart, and their values in each run.

    One alone where it does: a choice, as an objective, rather than a number that it demands.
    """
    table = differences(runs).drop(columns=SEED, errors="ignore")
    table = table[sorted(table, key=lambda name: pd.api.types.is_numeric_dtype(table[name]))]
    written = {str(name): [_written(value) for value in table[name]] for name in table}
    rows: list[tuple[str, ...]] = list(zip(*written.values(), strict=True)) if written else [()] * len(runs)
    alone = next((name for name, cells in written.items() if len({*cells}) == len({*rows})), None)
    if written and alone is not None:
        return [alone], [(cell,) for cell in written[alone]]
    return list(written), rows


def _written(value: Any) -> str:
    if pd.isna(value):
        return "—"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _with_setting(column: str, values: str) -> str:
    """Values of a setting, which is named without its unit; the names of families speak for themselves."""
    if column == FAMILY:
        return values
    return _("{setting} {values}", setting=_(column.partition(" (")[0]), values=values)
