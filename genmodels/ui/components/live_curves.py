"""Live curves: panels of training curves that grow in the browser and are never drawn anew.

`st.plotly_chart` mounts a new chart whenever its data change, so every tick would throw away the reader's zoom, pan and hidden legend
entries and would carry the whole history (227 KB measured). This component keeps the history in the browser and sends new rows only.

The protocol, of which `live_curves.js` is the other half. A message is one of

- a *full* one, with `panels`: forget everything, draw these panels and rows. `end` says how many rows of the store they stand for.
- a *delta*: the rows from `start` up to `end`. Fitting (`start` is what the browser has): appended. Known already: ignored. Anything else
  (another token; a gap, because Streamlit merges messages that it could not send in time; a page visited again, where the browser starts
  empty but this session has sent its rows already): the browser asks for a full one, by the trigger `resync`.

So this side only remembers one number per chart and session, how many rows it has sent, and any loss heals itself in one round trip.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.language import _
from genmodels.runs.smoothing import thin
from genmodels.ui.components.serving import browser_component

MAX_POINTS = 1_000
"""Points a series may have in a full message; a longer history is thinned, see `genmodels.runs.smoothing.thin`."""

HEIGHT = 220  # of a chart, in pixels

Row = tuple[str, float, float]
Colour = Literal["blue", "orange", "green", "violet", "red", "yellow", "gray"]


@dataclass(frozen=True)
class Series:
    """One curve: its name in the run store, its legend label, a sentence of help, and its looks.

    A colour is the name of a hue in Streamlit's theme, so it stays readable in the light and in the dark one. The custom of this app: one
    hue for one quantity, solid for training, `dash=True` for test. `pale=True` for what stands behind a curve of the same label, `past=True` for
    what a run was before it began: all of a chart have one entry in its legend. A band is two series, one after the other, whose `edge` says
    which: between them it is filled.
    """

    name: str
    label: str
    help: str = ""
    colour: Colour = "blue"
    dash: bool = False
    pale: bool = False
    past: bool = False
    edge: Literal["", "lowest", "highest"] = ""


@dataclass(frozen=True)
class Panel:
    """One chart: its title, the unit of its y axis, its curves, and horizontal reference lines as (height, label).

    `x` is what its x axis shows. `of` names what the curves are of, for a picture that is taken away; on the page it is plain.
    """

    title: str
    unit: str
    series: tuple[Series, ...]
    log: bool = False
    lines: tuple[tuple[float, str], ...] = ()
    of: str = ""
    x: str = "epoch"

    def has_values(self, rows: pd.DataFrame) -> bool:
        """Whether any of its curves is in ``rows`` (name, x, value): the axes of a chart that holds nothing would be invented."""
        return bool(rows["name"].isin([one.name for one in self.series]).any())


def live_curves(
    panels: Sequence[Panel],
    rows: pd.DataFrame | Sequence[Row],
    *,
    key: str,
    reset_token: str,
    height: int = HEIGHT,
    grows: bool = True,
    follows: str = "",
) -> None:
    """Draw `panels` from `rows`, and let them grow at later calls with the same `key`.

    Call it in a fragment with `run_every`; a call without new rows costs about half a kilobyte.

    Args:
        panels: the charts, in reading order. Rows of a name that no panel asks for are ignored.
        rows: all rows of the run in order of arrival, as (name, x, value): x as the panels say, a value that is not finite is a gap. A history of more
            than `MAX_POINTS` a series is thinned for the first drawing; rows that arrive later are all drawn.
        key: Streamlit's element key.
        reset_token: what the rows are of. While it stays the same, rows may only be appended; another run, or a run resumed after rows
            were dropped, needs another token. A new token draws everything anew, without the zoom.
        height: of each chart, in pixels.
        grows: whether rows are only ever appended under a token. Else all are sent whenever one has changed; the zoom stays.
        follows: the film of a `film_player` at whose moment a mark stands, if there is one.
    """
    if not isinstance(rows, pd.DataFrame):
        rows = pd.DataFrame.from_records(rows, columns=["name", "x", "value"])
    memory = f"{key}:sent"  # (token, number of rows sent), in this session
    token, sent = st.session_state.get(memory, ("", 0))
    message = next_message(panels, rows, reset_token, token, sent, grows)
    _component(
        key=key,
        data=message | {"height": height, "follows": follows},
        on_resync_change=lambda: st.session_state.pop(memory, None),
    )
    # After the mount: a script stopped between the two lines sends some rows twice, which the browser ignores, and leaves no gap.
    st.session_state[memory] = (message["token"], message["end"])


def next_message(
    panels: Sequence[Panel], rows: pd.DataFrame, reset_token: str, token: str = "", sent: int = 0, grows: bool = True
) -> dict[str, Any]:
    """The message for a browser that was sent `sent` rows under `token`: a delta if it can follow on, else a full one.

    Of rows that may change, `sent` and `end` are no numbers of rows, but of their contents.
    """
    spec = [_told(panel) for panel in panels]
    digest = hashlib.sha256(json.dumps(spec).encode()).hexdigest()[:12]  # new panels need a full message too
    end = len(rows) if grows else _fingerprint(rows)
    message: dict[str, Any] = {"token": f"{reset_token}:{digest}", "start": sent, "end": end}
    if message["token"] == token and end == sent:
        return message | {"rows": {}}
    if message["token"] == token and grows and 0 <= len(rows) - sent <= MAX_POINTS:
        return message | {"rows": _columns(rows.iloc[sent:], panels)}
    return message | {"start": 0, "panels": spec, "rows": _columns(rows, panels)}


def _told(panel: Panel) -> dict[str, Any]:
    """What the browser is sent of a panel, in the visitor's language."""
    series = [asdict(one) | {"label": _(one.label), "help": _(one.help)} for one in panel.series]
    words = {"title": _(panel.title), "unit": _(panel.unit), "x": _(panel.x)}
    return asdict(panel) | words | {"series": series, "lines": [(height, _(label)) for height, label in panel.lines]}


def _fingerprint(rows: pd.DataFrame) -> int:
    """A number above 0 of these rows and, but for one in four thousand million, of no others."""
    return 1 + zlib.crc32(pd.util.hash_pandas_object(rows, index=False).to_numpy().tobytes())


def _columns(rows: pd.DataFrame, panels: Sequence[Panel]) -> dict[str, list[list[float | None]]]:
    """Rows as {name: [x, values]}, thinned, rounded to six digits and with None for what JSON cannot say (NaN, infinity)."""

    def plain(values: np.ndarray) -> list[float | None]:
        return [float(f"{value:.6g}") if math.isfinite(value) else None for value in values.tolist()]

    columns = {}
    drawn = {series.name for panel in panels for series in panel.series}
    for name, group in rows[rows["name"].isin(drawn)].groupby("name", sort=False):
        x, values = group["x"].to_numpy(float), group["value"].to_numpy(float)
        kept = thin(values, MAX_POINTS)
        columns[str(name)] = [plain(x[kept]), plain(values[kept])]
    return columns


_component = browser_component("live_curves")
