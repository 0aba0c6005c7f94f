"""The columns of the table of all runs: what there is, what is shown, and by which one it is sorted."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from genmodels.config.families import FAMILIES
from genmodels.language import FROM_THE_RIGHT, N_, _, current, listed
from genmodels.language.message import on_canvas
from genmodels.runs import comparison, evaluation
from genmodels.runs.comparison import Last
from genmodels.runs.run import EVALUATION, Run
from genmodels.ui.runs.lines import names
from genmodels.ui.widgets.run_states import STATES
from genmodels.ui.widgets.times import zone

CHOSEN = "runs:columns"
SORTED = "runs:sorted"  # (column, whether the greatest comes first), or None: pinned ones first, then the newest
HEADER = "runs:header"  # the columns that the table in the browser says are selected, which a click on a header changes
# Of the states, under white text.
COLOURS = {"blue": "#2563eb", "green": "#18794e", "orange": "#b45309", "red": "#c62f35", "gray": "#6b6d78"}
FIRST = ("pinned", "name", "tags", "state", "progress")
THEN = ("health", "family", "data", "device", "trained", "started", "note")
SCORES = ("fid", "confident_share", "diversity")  # that training may measure of samples
EVALUATED = tuple(f"{EVALUATION}/{name}" for name in evaluation.TABULATED)
RARE = ("epochs", "id")  # and all curves and settings
TITLES = {
    "pinned": "★",
    "name": N_("Name"),
    "tags": N_("Tags"),
    "state": N_("State"),
    "progress": N_("Progress"),
    "health": N_("Health"),
    "family": N_("Family"),
    "data": N_("Data"),
    "device": N_("Device"),
    "trained": N_("Trained, min"),
    "started": N_("Started"),
    "note": N_("Note"),
    "epochs": N_("Epochs trained"),
    "id": "ID",
}
WIDTHS = {"name": 200, "family": 80, "data": 115, "device": 110, "note": 220}  # pixels; of others 135


def choose_columns(runs: Sequence[Run]) -> list[str]:
    """Draw the choice of columns: those of every table, the curves of the runs' families, and their settings."""
    options = [*FIRST, *_curves(runs), *THEN, *RARE, *comparison.setting_titles(runs)]
    if CHOSEN not in st.session_state:
        st.session_state[CHOSEN] = [*FIRST, *judged_by(runs), *THEN]
    elif not set(st.session_state[CHOSEN]) <= set(options):
        st.session_state[CHOSEN] = [column for column in st.session_state[CHOSEN] if column in options]
    with st.popover(_("Columns"), icon=":material/view_column:", width="stretch"):
        shown = st.multiselect(_("Columns"), options, format_func=title_of, key=CHOSEN, persist_state="session")
    return shown or ["name"]


def title_of(column: str) -> str:
    """What the header of a column says."""
    return _(TITLES.get(column, column))


def in_words(health: str) -> str:
    """What is wrong with a run, as its row keeps it, in the visitor's language."""
    return listed(_(kind) for kind in health.split(", ")) if health else ""


def sort_by_header(selected: Sequence[str]) -> None:
    """Take note that a header was clicked, after which these columns are ``selected`` in the browser: the first click sorts
    from the least, the second from the greatest, the third not at all."""
    before: list[str] = st.session_state.get(HEADER, [])
    if list(selected) == before:
        return
    clicked = [*selected, *before][0]
    column, greatest_first = st.session_state.get(SORTED) or ("", False)
    st.session_state[HEADER] = list(selected)
    if column != clicked:
        st.session_state[SORTED] = (clicked, False)
    else:
        st.session_state[SORTED] = None if greatest_first else (clicked, True)


def in_order(runs: Sequence[Run], frame: pd.DataFrame) -> list[int]:
    """The rows of ``frame``, one for each of ``runs``, in the order in which they are shown."""
    column, greatest_first = st.session_state.get(SORTED) or ("", False)
    if column not in frame:
        return sorted(range(len(runs)), key=lambda row: not runs[row].pinned)
    values = pd.Series(names(runs)) if column == "name" else frame[column].reset_index(drop=True)
    if not pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_datetime64_any_dtype(values):
        values = values.map(lambda value: ", ".join(value) if isinstance(value, list) else str(value)).str.casefold()
    return values.sort_values(ascending=not greatest_first, kind="stable", na_position="last").index.tolist()


def as_frame(runs: Sequence[Run], last: Last, wanted: Sequence[str]) -> tuple[pd.DataFrame, dict[str, Any]]:
    """A row for each run with the ``wanted`` columns, and how these are shown. ``last``: the newest values by run and curve."""
    always = {
        "pinned": ["★" if run.pinned else "" for run in runs],
        "name": [run.name if run.called == run.name else on_canvas(run.called) for run in runs],
        "tags": [run.tags for run in runs],
        "state": [[_(run.state)] for run in runs],
        "progress": [100 * run.share for run in runs],
        "health": [in_words(run.health) for run in runs],
        "family": [run.config["family"].upper() for run in runs],
        "data": [_(run.config.get("dataset", "")) for run in runs],
        "device": [(run.environment or {}).get("device") or run.device for run in runs],
        "trained": [run.seconds / 60 for run in runs],
        "started": pd.to_datetime([run.created for run in runs], unit="s", utc=True).tz_convert(zone()),
        "note": [run.note for run in runs],
        "epochs": [run.epoch for run in runs],
        "id": [run.id for run in runs],
    }
    curves = _curves(runs)
    settings = comparison.setting_columns(
        runs, [title for title in wanted if title not in always and title not in curves]
    )
    columns: dict[str, Any] = {}
    for title in wanted:
        if title in always:
            columns[title] = always[title]
        elif title in curves:
            columns |= _values(title, runs, curves, last)
        else:
            columns[title] = settings[title].array
    frame = pd.DataFrame(columns, index=range(len(runs)))
    return frame, {title: _looks(title, frame[title]) for title in columns}


def _values(title: str, runs: Sequence[Run], curves: Mapping[str, str], last: Last) -> dict[str, list[float]]:
    """The newest values of a curve, if some run has one; on training images where no run has test images."""
    for name in (title, title.replace(", test", ", train")):
        values = [last.get(run.id, {}).get(curves.get(name, ""), math.nan) for run in runs]
        if any(map(math.isfinite, values)):
            return {name: values}
    return {}


def names_of(runs: Sequence[Run], wanted: Sequence[str]) -> list[str]:
    """The names in the store of the curves that the ``wanted`` columns may need."""
    curves = _curves(runs)
    names = [curves[column] for column in wanted if column in curves]
    return [*names, *(name.replace("test/", "train/") for name in names if name.startswith("test/"))]


def _looks(column: str, values: pd.Series) -> Any:
    by, greatest_first = st.session_state.get(SORTED) or ("", False)
    title = f"{title_of(column)} {'↓' if greatest_first else '↑'}" if column == by else title_of(column)
    title = on_canvas(title)
    text = partial(st.column_config.TextColumn, alignment="right" if current() in FROM_THE_RIGHT else None)
    number = st.column_config.NumberColumn
    match column:
        case "pinned":
            return text(
                title, width=40, help=_("Pinned runs come first, unless the table is sorted by another column.")
            )
        case "tags":
            return st.column_config.ListColumn(title, width=130)
        case "state":
            colours = [COLOURS[colour] for icon, colour in STATES.values()]
            return st.column_config.MultiselectColumn(
                title, options=[_(state) for state in STATES], color=colours, width=120
            )
        case "progress":
            return st.column_config.ProgressColumn(title, format="%.0f%%", min_value=0, max_value=100, width=130)
        case "health":
            told = _("What is wrong with the run, if anything; its page says what to try. Empty where none has looked.")
            return text(title, width=110, help=told)
        case "started":
            return st.column_config.DatetimeColumn(title, format="D MMM YYYY, HH:mm", width=150)
        case "trained":
            return number(title, format="%.1f", width=95)
        case "epochs":
            return number(title, format="%.4g", width=95)  # 50, and 2.5
    width = WIDTHS.get(column, 135)
    if pd.api.types.is_bool_dtype(values):
        return st.column_config.CheckboxColumn(title, width=width)
    if pd.api.types.is_numeric_dtype(values):
        return number(title, format="%.5g" if pd.api.types.is_float_dtype(values) else None, width=width)
    return text(title, width=width)


def _curves(runs: Sequence[Run]) -> dict[str, str]:
    """What a column calls each curve of the runs' families, and some scores, and its name in the store."""
    found: dict[str, str] = {
        quantity.titled(split): f"{split}/{quantity.name}"
        for quantity in comparison.quantities(runs, {})
        for split in quantity.splits
    }
    found |= {comparison.score_title(name): f"{comparison.SCORE}/{name}" for name in SCORES}
    for name, title in evaluation.titles(EVALUATED).items():
        found[title] = name
    return found


def curve_titles(runs: Sequence[Run]) -> set[str]:
    """The columns that are curves or scores of runs, which have a mean."""
    return {*_curves(runs)}


def judged_by(runs: Sequence[Run]) -> list[str]:
    """The first curve of each family, and the FID of an evaluation."""
    known = {run.config["family"] for run in runs if run.config["family"] in FAMILIES}
    firsts = [FAMILIES[family].curves[0] for family in known]
    names = {f"{'test' if curve.test else 'train'}/{curve.name}" for curve in firsts}
    names.add(f"{EVALUATION}/fid")
    return [title for title, name in _curves(runs).items() if name in names]
