"""Runs beside each other: the settings that differ, and what came out. Rows of the store in, tables out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from genmodels.config.base import MONITORED, matters
from genmodels.config.families import FAMILIES
from genmodels.config.splits import held_out
from genmodels.config.wording import field_label
from genmodels.data.folder_check import in_words
from genmodels.language import N_, Message
from genmodels.runs import evaluation
from genmodels.runs.run import Run

FID = "fid"
_SCORES = (
    N_("confident share"),
    N_("classes covered"),
    N_("contrast"),
    N_("movement"),
    N_("fid floor"),
    N_("fid noise"),
)
SCORE = "score"  # the split of what is measured now and then of generated images, as in "score/fid"

Last = Mapping[str, Mapping[str, float]]  # run id -> name in the store -> newest value


@dataclass(frozen=True)
class Quantity:
    """Something that runs measure while they train; in the store it is named ``split/name``.

    ``splits`` are those that it may be measured on, the one to judge by first.
    """

    name: str
    title: str
    unit: str
    panel: str
    splits: tuple[str, ...]

    @property
    def key(self) -> str:
        """By which it is told from the others, whichever these are: a score of samples may have the name of one of images."""
        return f"{SCORE}/{self.name}" if self.splits == (SCORE,) else self.name

    def titled(self, split: str) -> Message:
        """Its title with the images that it is measured on."""
        title = N_(self.title)
        return title if split == SCORE else N_("{title}, {split}", title=title, split=N_(split))


def quantities(runs: Sequence[Run], last: Last) -> list[Quantity]:
    """The curves of the runs' families, then the scores that at least one of the runs has, in the order of their names."""
    families = dict.fromkeys(run.config["family"] for run in runs if run.config["family"] in FAMILIES)
    curves = {curve.name: curve for family in families for curve in FAMILIES[family].curves}
    labels = Counter(curve.label for curve in curves.values())
    validated = ("validation",) if any(held_out(run.config) == "validation" for run in runs) else ()
    found = [
        Quantity(
            curve.name,
            curve.label
            if labels[curve.label] == 1
            else N_("{panel}: {label}", panel=N_(curve.panel), label=N_(curve.label)),
            curve.unit,
            curve.panel,
            (*validated, "test", "train") if curve.test else ("train",),
        )
        for curve in curves.values()
    ]
    if any(f"test/{FID}" in last.get(run.id, {}) for run in runs):
        fid = N_("FID of {n:,} samples", n=MONITORED)
        found.append(Quantity(FID, fid, "", fid, ("test",)))
    scores = sorted({name for run in runs for name in last.get(run.id, {}) if name.startswith(f"{SCORE}/")})
    for name in (score.removeprefix(f"{SCORE}/") for score in scores):
        title = score_title(name)
        found.append(Quantity(name, title, "", title, (SCORE,)))
    return found


def score_title(name: str) -> str:
    """What the score ``name`` is called, as ``fid``, which depends on how many samples it is of."""
    called = N_(name.replace("_", " "))
    if name == FID:
        called = N_("FID of {n:,} samples", n=MONITORED)
    return N_("score: {name}", name=called)


def labels(runs: Sequence[Run]) -> dict[str, str]:
    """What to call each run beside the others, by its id: its name as one is told it, with the end of the id where names are the same."""
    names = Counter(run.name for run in runs)
    return {
        run.id: run.called if names[run.name] == 1 else f"{run.called} ({run.id.rpartition('-')[2]})" for run in runs
    }


def settings(run: Run) -> dict[str, Any]:
    """The config of a run as a reader meets it: title -> value, without what has no meaning beside the others."""
    return {title: value for title, (value, has_meaning) in _held(run).items() if has_meaning}


def _held(run: Run) -> dict[str, tuple[Any, bool]]:
    """By its title, the value of each setting, and whether it has a meaning beside the others.

    What an older version did not have yet is filled in; of a family that this version does not know, all is as it is.
    """
    config = in_words(run.config)
    family = FAMILIES.get(config["family"])
    if family is None:
        return {name.replace("_", " ").capitalize(): (value, True) for name, value in config.items()}
    values = family.defaults(config) | config | {"family": family.title}
    return {
        field_label(name, field): (values[name], matters(field, values)) for name, field in family.model_fields.items()
    }


def differences(runs: Sequence[Run]) -> pd.DataFrame:
    """A row for each run, by its id, and a column for each setting in which at least two of them differ.

    A cell is empty where a run's family does not have the setting, or where it has no meaning beside the run's others.
    """
    held = [_held(run) for run in runs]
    columns = {}
    for title in dict.fromkeys(title for values in held for title in values):
        known = [values[title] for values in held if title in values]
        if any(value != known[0][0] for value, _ in known) and any(has_meaning for _, has_meaning in known):
            cells = [values.get(title, (None, False)) for values in held]
            columns[title] = _column([value if has_meaning else None for value, has_meaning in cells], runs)
    return pd.DataFrame(columns, index=_index(runs))


def _column(cells: list[Any], runs: Sequence[Run]) -> pd.Series:
    """Cells of one type, so that they can be sorted; None is an empty one."""
    if len({isinstance(cell, (int, float)) for cell in cells if cell is not None}) > 1:
        cells = [None if cell is None else str(cell) for cell in cells]
    return pd.Series(cells, _index(runs), dtype=object).convert_dtypes()


def setting_titles(runs: Sequence[Run]) -> list[str]:
    """What the settings of the runs' families are called."""
    one_each = {run.config["family"]: run for run in runs}.values()
    return list(dict.fromkeys(title for run in one_each for title in _held(run)))


def setting_columns(runs: Sequence[Run], titles: Sequence[str]) -> pd.DataFrame:
    """A row for each run, by its id, and a column for each setting that is called one of ``titles``, empty where it has no meaning."""
    held = [settings(run) for run in runs] if titles else []
    return pd.DataFrame(
        {title: _column([values.get(title) for values in held], runs) for title in titles}, index=_index(runs)
    )


def _index(runs: Sequence[Run]) -> pd.Index:
    return pd.Index([run.id for run in runs], name="run")


def scores(runs: Sequence[Run], last: Last) -> pd.DataFrame:
    """A row for each run, by its id, and a column for each quantity that at least one has: its newest value.

    On test images where one of the runs has any, and before these on validation images; else on training images. Then those of
    evaluations.
    """
    columns = {}
    for quantity in quantities(runs, last):
        for split in quantity.splits:
            values = [last.get(run.id, {}).get(f"{split}/{quantity.name}") for run in runs]
            if any(value is not None for value in values):
                columns[quantity.titled(split)] = pd.Series(values, _index(runs), dtype=float)
                if split != "validation":  # on which one chooses, before what is scored once
                    break
    for name, title in _evaluated(runs, last).items():
        columns[title] = pd.Series([last.get(run.id, {}).get(name) for run in runs], _index(runs), dtype=float)
    return pd.DataFrame(columns, index=_index(runs))


def _evaluated(runs: Sequence[Run], last: Last) -> dict[str, Message]:
    """The scores of evaluations that at least one of the runs has: their names in the store, and their titles."""
    return evaluation.titles(name for run in runs for name in last.get(run.id, {}))


def table(runs: Sequence[Run], last: Last) -> pd.DataFrame:
    """A row for each run, by its id: its name, the settings that differ, and its scores."""
    names = pd.DataFrame({"name": list(labels(runs).values())}, _index(runs))
    return pd.concat([names, differences(runs), scores(runs, last)], axis=1)


def titles(runs: Sequence[Run], last: Last) -> dict[str, Message]:
    """The headers of ``table`` as messages, by their English text, which is what pandas keeps of them."""
    measured = [quantity.titled(split) for quantity in quantities(runs, last) for split in quantity.splits]
    settings = map(N_, setting_titles(runs))
    return {str(title): title for title in (*settings, *measured, *_evaluated(runs, last).values())}


def long_form(metrics: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """All rows of several runs as (run, name, step, epoch, value); ``metrics``: rows as of the store, by the run's id."""
    columns = ["run", "name", "step", "epoch", "value"]
    rows = [frame.assign(run=run)[columns] for run, frame in metrics.items()]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
