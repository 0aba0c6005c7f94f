"""Runs as one HTML file that needs nothing else: it opens from the disk, without a network, in ten years too."""

import base64
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import cycle, groupby
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from genmodels.config.command_line import command_of
from genmodels.config.families import FAMILIES, is_known, parse
from genmodels.data.folder_check import introduction, shown_previews, to_repeat
from genmodels.export.curve_lines import curve_lines
from genmodels.export.figures import PALETTE, Line, direct, training_curves
from genmodels.language import FROM_THE_RIGHT, N_, _, current, typeface
from genmodels.language.figures import moment
from genmodels.runs import comparison
from genmodels.runs.comparison import Quantity
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.storage.image_grid import newest

MINUTE = "d MMM yyyy HH:mm"
MOST_POINTS = 100_000  # of all curves together, some 1.2 MB; longer ones keep their outline
MOST_PICTURE_BYTES = (
    4_500_000  # of all pictures together, 6 MB as text; plotly.js takes 5 MB, and the file is to stay below 12 MB
)


@dataclass(frozen=True)
class RunData:
    """What the store has of a run: its rows (name, step, epoch, value), and its newest pictures as PNG files by name."""

    run: Run
    rows: pd.DataFrame
    pictures: Mapping[str, bytes]

    @property
    def last(self) -> dict[str, float]:
        newest_rows = self.rows.drop_duplicates("name", keep="last")
        return dict(zip(newest_rows["name"], newest_rows["value"], strict=True))


def run_data(store: Store, ids: Sequence[str]) -> list[RunData]:
    """What ``html_report`` needs of these runs, without those that are no longer there."""
    return [
        RunData(
            run,
            store.metrics(run.id),
            {name: path.read_bytes() for name, path in shown_previews(run.config, previews).items()},
        )
        for run in store.get_many(ids)
        for previews in [newest(store.folder(run.id) / "pictures")]
    ]


def html_report(records: Sequence[RunData], smoothing: float = 0.0, zone: tzinfo | None = None) -> str:
    """The whole file: curves, pictures, what differs, and for each run its settings and the command that repeats it.

    smoothing: the weight of the moving average (see ``smooth``), which is drawn over the values as measured.
    zone: of the times in it, which it names; this machine's by default.
    """
    runs = [record.run for record in records]
    headers = comparison.titles(runs, {record.run.id: record.last for record in records})
    pictures, left_out = _pictures(records)
    template = _templates(zone).get_template("html_report.html.jinja")
    return template.render(
        title=runs[0].called if len(runs) == 1 else _("{n} runs compared", n=len(runs)),
        language=current(),
        right=current() in FROM_THE_RIGHT,
        faces=Markup(typeface.faces()) if current() in FROM_THE_RIGHT else "",
        now=time.time(),
        runs=runs,
        names=comparison.labels(runs),
        overview=_overview(records),
        header=lambda title: _(headers.get(title, title)),
        smoothing=smoothing,
        charts=list(_charts(records, smoothing)),
        pictures=pictures,
        left_out=left_out,
    )


def _templates(zone: tzinfo | None) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # names, notes and commands are whatever somebody has typed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., object]] = {
        "written": _written,
        "minute": lambda seconds: _minute(seconds, zone),
        "settings": comparison.settings,
        "introduction": introduction,
        "command": lambda config: command_of(to_repeat(config)),
    }
    templates.filters |= filters
    templates.globals["_"] = _
    return templates


def _minute(seconds: float, zone: tzinfo | None) -> str:
    """Such as ``1 May 2026 14:05 Europe/Berlin``, in the language that is spoken."""
    at = datetime.fromtimestamp(seconds, zone).astimezone(zone)
    return f"{moment(at, MINUTE, current())} {getattr(zone, 'key', None) or at.tzname()}"


# What differs


def _overview(records: Sequence[RunData]) -> pd.DataFrame:
    """A row for each run: how far it came, the settings that differ, and its scores."""
    runs = [record.run for record in records]
    table = comparison.table(runs, {record.run.id: record.last for record in records})
    table.insert(1, N_("state"), [_(run.state) for run in runs])
    table.insert(2, N_("epochs trained"), [run.epoch for run in runs])
    table.insert(3, N_("minutes trained"), [round(run.seconds / 60, 1) for run in runs])
    return table


def _written(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("{value:.5g}", value=value) if isinstance(value, float) else str(value)


# Curves


def _charts(records: Sequence[RunData], smoothing: float) -> Iterator[tuple[str, str]]:
    """Titles and HTML: a chart for each quantity with a hue for each run; of one run alone, a chart for each panel with a hue for each curve."""
    runs = [record.run for record in records]
    names = comparison.labels(runs)
    last = {record.run.id: record.last for record in records}
    quantities = [
        quantity
        for quantity in comparison.quantities(runs, last)
        if any(f"{split}/{quantity.name}" in values for values in last.values() for split in quantity.splits)
    ]
    if not quantities:
        return
    limit = max(50, MOST_POINTS // (len(runs) * 2 * len(quantities)))
    alone = len(runs) == 1
    charts = groupby(quantities, key=lambda quantity: quantity.panel if alone else quantity.title)
    for index, (title, group) in enumerate(charts):
        drawn = list(group)
        hues = cycle(PALETTE)
        lines = [
            line
            for record in records
            for quantity in drawn
            for line in _lines(
                record,
                quantity,
                _(quantity.title).removeprefix(f"{_(title)}: ") if alone else names[record.run.id],
                next(hues),
                smoothing,
                limit,
            )
        ]
        levels = _levels(runs[0]).get(title, ()) if alone else ()
        figure = training_curves(lines, _(drawn[0].unit), [(height, _(label)) for height, label in levels])
        direct(figure)
        chart = figure.to_html(
            full_html=False,
            include_plotlyjs=index == 0,
            config={"responsive": True, "displaylogo": False},
        )
        yield title, chart


def _lines(
    record: RunData, quantity: Quantity, label: str, colour: str, smoothing: float, limit: int
) -> Iterator[Line]:
    for split in reversed(quantity.splits):
        yield from curve_lines(record.rows, f"{split}/{quantity.name}", label, colour, smoothing, limit)


def _levels(run: Run) -> dict[str, tuple[tuple[float, str], ...]]:
    return parse(run.config).lines() if is_known(run.config) else {}


# Pictures


def _pictures(records: Sequence[RunData]) -> tuple[dict[str, list[tuple[str, str]]], list[str]]:
    """Captions and pictures (base64) of each run, and what had no room: the first kind of all runs comes before the second."""
    names = comparison.labels([record.run for record in records])
    shown: dict[str, list[tuple[str, str]]] = {record.run.id: [] for record in records}
    left_out, room = [], MOST_PICTURE_BYTES
    waiting = [
        (rank, record.run, name, data)
        for record in records
        for rank, (name, data) in enumerate(record.pictures.items())
    ]
    for _rank, run, name, data in sorted(waiting, key=lambda entry: entry[0]):
        if len(data) > room:
            left_out.append(_("{what} of {name}", what=_(name), name=names[run.id]))
            continue
        room -= len(data)
        family = FAMILIES.get(run.config["family"])
        caption = (family.pictures if family else {}).get(name, name)
        shown[run.id].append((caption, base64.b64encode(data).decode()))
    return shown, left_out
