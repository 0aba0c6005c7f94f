"""Some curves of several runs, a chart for each curve, by step, epoch or time; runs of one tag, or that differ in their seed alone, as
one curve with a band."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import pandas as pd
import streamlit as st

from genmodels.config.families import FAMILIES
from genmodels.config.splits import HELD_OUT, held_out
from genmodels.config.sweep import seeds
from genmodels.language import N_, _, listed
from genmodels.runs import comparison
from genmodels.runs.bands import grouped
from genmodels.runs.comparison import Last, Quantity
from genmodels.runs.groups import groups
from genmodels.runs.run import Run
from genmodels.runs.smoothing import smooth
from genmodels.runs.variants import variants, what_was_trained
from genmodels.ui.components.live_curves import Colour, Panel, Series, live_curves
from genmodels.ui.runs.seed_bands import band_rows, band_series
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.training.past import BEFORE, Past, past_of

HUES: tuple[Colour, ...] = get_args(Colour)  # as many lines as can be told apart
MOST_IN_BANDS = 100  # runs
TICK = 2.0  # seconds between two looks while something is training
CURVES, PROPOSED = "overlay:curves", "overlay:proposed"
SPLIT, SMOOTHING = "overlay:split", "overlay:smoothing"
AXIS, LOG, BANDS, SEEDS = "overlay:axis", "overlay:log", "overlay:bands", "overlay:seeds"
MOST_SMOOTHING = 0.99
AXES = {
    "epoch": ("epoch", 1),
    "step": ("step", 1),
    N_("time"): ("seconds", 60),
}  # the column of the store, and what is 1 on the axis
X_TITLES = {"epoch": N_("epoch"), "step": N_("step"), "time": N_("minutes trained")}
A_ROW, HEIGHT, LOWER = (
    3,
    330,
    230,
)  # charts in a row; the height of one in pixels, and of one where there are several rows
AVERAGE = ":average"  # follows the name of a curve in the name of its average
NO_TIMES = N_("These runs have no times, which an earlier version did not keep: choose step or epoch.")

Rows = Callable[[Sequence[str], Sequence[str]], pd.DataFrame]
"""Takes names of curves and ids of runs; gives rows (run, name, step, epoch, seconds, value) in the order in which they came."""


@dataclass(frozen=True)
class View:
    """What to draw, and how. ``axis``: a key of ``AXES``. ``smoothing``: the weight of ``smooth``. ``bands``: whether runs of one
    tag are one curve; ``seeds``: whether runs of one group are that differ in their seed alone."""

    quantities: tuple[Quantity, ...]
    split: str = "test"
    axis: str = "epoch"
    log: bool = False
    smoothing: float = 0.0
    bands: bool = False
    seeds: bool = False

    def names(self) -> list[tuple[Quantity, str]]:
        """Each quantity with the images that it is drawn on: the chosen ones, if it is measured on these."""
        return [(one, self.split if self.split in one.splits else one.splits[0]) for one in self.quantities]


@dataclass(frozen=True)
class Line:
    """Runs that are drawn as one: one alone, or several with a band, ``each`` of which may be seen in it."""

    key: str
    label: str
    runs: tuple[str, ...]
    colour: Colour = "blue"
    group: bool = False
    each: bool = False


def stored(names: Sequence[str], runs: Sequence[str]) -> pd.DataFrame:
    """The ``Rows`` of the run store."""
    return get_store().curves(names, runs)


def last_values(runs: Sequence[Run]) -> Last:
    """The newest values of all curves of ``runs``."""
    return {run.id: get_store().last_metrics(run.id) for run in runs}


def chart(runs: Sequence[Run], last: Last, rows: Rows = stored) -> None:
    """Choose curves, and see them of all ``runs``; they grow while one of these trains."""
    quantities = {quantity.key: quantity for quantity in comparison.quantities(runs, last)}
    if not quantities:
        st.info(_("This version does not know the families of these runs: update it to compare their curves."))
        return
    view = _choose(quantities, runs)
    refresh_every(_chart, TICK if any(run.alive for run in runs) else None)(runs, view, rows)


def _choose(quantities: dict[str, Quantity], runs: Sequence[Run]) -> View:
    proposed = _main(quantities, runs)
    before, chosen = st.session_state.get(PROPOSED), st.session_state.get(CURVES)
    if chosen == before:
        wanted = proposed
    else:
        known = [key for key in chosen or () if key in quantities]
        come = [key for key in proposed if key not in (*(before or ()), *known)]  # with runs of another family
        wanted = [*known, *come]
    if wanted != chosen:
        st.session_state[CURVES] = wanted or (proposed if chosen else [])
    st.session_state[PROPOSED] = proposed
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        keys = st.multiselect(
            _("Curves"), list(quantities), format_func=lambda key: _(quantities[key].title), key=CURVES, placeholder=_("Choose curves"), label_visibility="collapsed",
            select_all=False, persist_state="session", width="stretch",
        )  # fmt: skip
        drawn = tuple(quantities[key] for key in keys)
        split = "test"
        splits = [name for name in (*HELD_OUT, "train") if any(name in one.splits for one in drawn)]
        if len(splits) > 1:
            if st.session_state.get(SPLIT) not in splits:
                held = {held_out(run.config) for run in runs}
                st.session_state[SPLIT] = held.pop() if len(held) == 1 else "test"
            chosen_split = st.segmented_control(
                _("Images"), splits, format_func=_, required=True, key=SPLIT, label_visibility="collapsed",
                persist_state="session", help=_("On which images the curves are measured."), width="content",
            )  # fmt: skip
            split = chosen_split or splits[0]
        with st.popover(_("Axes and smoothing"), icon=":material/tune:"):
            return _options(View(drawn, split), any(run.tags for run in runs), bool(_several_seeds(runs)))


def _main(quantities: dict[str, Quantity], runs: Sequence[Run]) -> list[str]:
    """The first curve of each family, by which one judges a run of it."""
    firsts = {FAMILIES[run.config["family"]].curves[0].name for run in runs if run.config["family"] in FAMILIES}
    return [key for key in quantities if key in firsts]


def _options(view: View, has_tags: bool, has_seeds: bool) -> View:
    axis = st.segmented_control(
        _("Along the x axis"), list(AXES), format_func=_, default="epoch", required=True, key=AXIS, persist_state="session",
        help=_("Time is what was spent on training, in minutes, without pauses."),
    )  # fmt: skip
    log = st.toggle(
        _("Logarithmic y axis"), key=LOG, persist_state="session", help=_("Values of 0 and below are left out.")
    )
    smoothing = st.slider(
        _("Smoothing"), 0.0, MOST_SMOOTHING, step=0.01, key=SMOOTHING, persist_state="session",
        help=_("Weight of the exponential moving average, as in TensorBoard. At 0 you see the values as they were measured; "
        "above, the average, with the values in pale behind it."),
    )  # fmt: skip
    bands = st.toggle(
        _("One band for each tag"), key=BANDS, persist_state="session", disabled=not has_tags,
        help=_("Runs with the same tag as one curve: their mean, in a band from the lowest of them to the highest. "
        "Where one has ended, those that go on count. Give runs a tag below, where you have selected them."),
    )  # fmt: skip
    each = st.toggle(
        _("One band for all seeds"), True, key=SEEDS, persist_state="session", disabled=not has_seeds,
        help=_("Runs that were started together and differ in their seed alone as one curve: their mean, in a band from the lowest "
        "to the highest, with every single run in pale."),
    )  # fmt: skip
    return replace(view, axis=axis, log=log, smoothing=smoothing, bands=bands and has_tags, seeds=each and has_seeds)


def _chart(runs: Sequence[Run], view: View, rows: Rows) -> None:
    lines = _lines(runs, view)
    if len(lines) > len(HUES):
        st.caption(_("The first {hues} are drawn: more could not be told apart by colour.", hues=len(HUES)))
    lines = lines[: len(HUES)]
    names = [f"{split}/{quantity.name}" for quantity, split in view.names()]
    found = rows(names, list(dict.fromkeys(run for line in lines for run in line.runs)))
    column, one = AXES[view.axis]
    timed = found.assign(x=found[column] / one).dropna(subset="x")
    pasts = _pasts(runs, lines) if view.axis == "epoch" else {}
    if pasts:
        timed["x"] += timed["run"].map({run: past.epochs for run, past in pasts.items()}).fillna(0.0)
    if len(found) and timed.empty:
        st.caption(_(NO_TIMES))
    missing = [quantity.titled(split) for quantity, split in view.names()
               if f"{split}/{quantity.name}" not in set(found["name"])]  # fmt: skip
    if missing:
        st.caption(_("None of these runs has values of {curves} yet.", curves=listed(map(_, missing))))
    drawn = [(one, split) for one, split in view.names() if one.titled(split) not in missing]
    before = [past.rows.assign(name=f"{run}/" + past.rows["name"]) for run, past in pasts.items()]
    curves = pd.concat([*before, _curves(timed, lines, view)], ignore_index=True)
    attempts = ",".join(f"{run.id}:{run.attempt}" for run in get_store().get_many([run.id for run in runs]))
    live_curves(
        [_panel(quantity, split, lines, view, pasts) for quantity, split in drawn],
        curves,
        key="runs:overlay",
        reset_token=f"{','.join(names)}:{view.axis}:{view.smoothing}:{view.bands}:{view.seeds}:{attempts}"
        f"{':'.join(past.token for past in pasts.values())}",
        height=HEIGHT if len(drawn) <= A_ROW else LOWER,
        grows=not (view.bands or view.seeds),
    )


def _pasts(runs: Sequence[Run], lines: Sequence[Line]) -> dict[str, Past]:
    """What each run that is drawn alone was before it began, by its id; without those that began anew."""
    alone = {line.key for line in lines if not line.group}
    pasts = {run.id: past_of(run) for run in runs if run.id in alone and run.parent}
    return {run: past for run, past in pasts.items() if past.epochs}


def _lines(runs: Sequence[Run], view: View) -> list[Line]:
    """Each run, or each tag or set-up with several seeds, and each run that is of none."""
    labels = comparison.labels(runs)
    tagged = grouped(runs[:MOST_IN_BANDS], lambda run: run.tags) if view.bands else {}
    lines = [
        Line(f"tag:{tag}", f"{tag} ({len(own)})", tuple(run.id for run in own), group=True)
        for tag, own in tagged.items()
    ]
    left = [run for run in runs if not (view.bands and run.tags)]
    together = _several_seeds(left[:MOST_IN_BANDS]) if view.seeds else {}
    lines += [
        Line(f"seeds:{own[0].id}", f"{label} ({seeds(len(own))})", tuple(run.id for run in own), group=True, each=True)
        for label, own in together.items()
    ]
    drawn = {run for line in lines for run in line.runs}
    lines += [Line(run.id, labels[run.id], (run.id,)) for run in left if run.id not in drawn]
    return [replace(line, colour=HUES[index % len(HUES)]) for index, line in enumerate(lines)]


def _several_seeds(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The runs of each set-up of which there are several, by what it is called beside the others."""
    together = [group for group in groups(runs) if len(group.runs) > 1]
    found = {}
    for group in together:
        for label, own in variants(group.runs).items():
            if len(own) > 1:
                whose = what_was_trained(own) if len(together) > 1 or not label else ""
                called = " ".join(filter(None, (whose, label)))
                found[called if called not in found else f"{called} ({own[0].id.rpartition('-')[2]})"] = own
    return found


def _panel(quantity: Quantity, split: str, lines: Sequence[Line], view: View, pasts: Mapping[str, Past]) -> Panel:
    title, name = _(quantity.titled(split)), f"{split}/{quantity.name}"
    if view.smoothing:
        title = _("{title}, smoothed by {smoothing:g}", title=title, smoothing=view.smoothing)
        title += "" if view.bands else _("; in pale, as measured")
    series = []
    for line in lines:
        curve = Series(f"{line.key}/{name}", line.label, colour=line.colour)
        if line.key in pasts and (pasts[line.key].rows["name"] == BEFORE + name).any():
            series.append(replace(curve, name=f"{line.key}/{BEFORE}{name}", label=_("before"), past=True))
        if line.group:
            each = line.runs if line.each else ()
            series += band_series(
                curve,
                [
                    replace(curve, name=f"{run}/{name}", label=_("run {place}", place=place))
                    for place, run in enumerate(each, 1)
                ],
            )
        elif view.smoothing:
            series += [replace(curve, pale=True), replace(curve, name=curve.name + AVERAGE)]
        else:
            series.append(curve)
    series.sort(key=lambda one: not (one.pale or one.edge))  # behind the others
    of = _(" and ").join(line.label for line in lines)
    return Panel(title, quantity.unit, tuple(series), log=view.log, of=of, x=X_TITLES[view.axis])


def _curves(rows: pd.DataFrame, lines: Sequence[Line], view: View) -> pd.DataFrame:
    """Rows (name, x, value) of all series; of single runs in the order in which they came."""
    if view.smoothing:
        smoothed = rows.groupby(["run", "name"])["value"].transform(smooth, view.smoothing)
    else:
        smoothed = rows["value"]
    single = rows["run"].isin([run for line in lines if line.each or not line.group for run in line.runs])
    own = rows[single].assign(name=rows["run"] + "/" + rows["name"])
    parts = [own]
    if view.smoothing:  # each row is followed by its average, so that rows which come later come last
        parts.append(own.assign(name=own["name"] + AVERAGE, value=smoothed[single]))
    parts = [pd.concat(parts).sort_index(kind="stable")]
    averaged = rows.assign(value=smoothed)
    for line in (line for line in lines if line.group):
        for name, curve in averaged[averaged["run"].isin(line.runs)].groupby("name"):
            parts += band_rows(f"{line.key}/{name}", (own for _, own in curve.groupby("run")))
    return pd.concat(parts)[["name", "x", "value"]].reset_index(drop=True)
