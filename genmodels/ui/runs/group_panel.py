"""A group of runs as one: how far it is, stopped and resumed as one, its scores with their spread, and which run one would choose."""

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.config.splits import held_out
from genmodels.errors import UserError
from genmodels.jobs.groups import is_resumable
from genmodels.language import N_, _, listed
from genmodels.runs import comparison
from genmodels.runs.comparison import Last, labels, scores
from genmodels.runs.groups import Group
from genmodels.runs.run import Run
from genmodels.runs.spread import spreads, with_labels, without_labels
from genmodels.runs.variants import title, variants
from genmodels.ui.access import commands
from genmodels.ui.access.permission import why_not
from genmodels.ui.components.static_chart import chart
from genmodels.ui.models.model_picker import title as title_of_run
from genmodels.ui.runs.chart import TICK, last_values
from genmodels.ui.runs.medoid import medoid
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.widgets.text import plain

ENDS = (" floor", " noise")  # of a score's scale, which is the same for all
REFUSED = "group:refused"
ON_TEST_IMAGES = N_(
    "It is chosen on test images, so that its score there is a little too good: hold back validation images."
)
SCORE = "group:score"  # which is drawn


def group_panel(group: Group) -> None:
    """Draw it; looked up again while one of its runs is under way."""
    st.subheader(plain(title(group.runs)))
    refresh_every(_panel, TICK if group.alive else None)(group.ids, group.alive)


def _panel(ids: Sequence[str], was_alive: bool) -> None:
    runs = get_store().get_many(ids)
    if not runs or any(run.alive for run in runs) != was_alive:
        st.rerun()
    _header(runs)
    last = last_values(runs)
    _scores(runs, last)
    _choices(runs, last)


def _header(runs: Sequence[Run]) -> None:
    why = next(filter(None, map(why_not, runs)), None)
    states = pd.Series([run.state for run in runs]).value_counts()
    with st.container(horizontal=True, vertical_alignment="center"):
        told = listed(_("**{count}** {state}", count=count, state=N_(str(state))) for state, count in states.items())
        st.markdown(told, width="content")
        alive = [run for run in runs if run.alive]
        if alive:
            stopping = all(run.stop_requested for run in alive)
            if st.button(
                _("Stopping…") if stopping else _("Stop all {n}", n=len(alive)),
                icon=":material/stop:", disabled=stopping or why is not None, help=why, key="group:stop",
            ):  # fmt: skip
                _try(commands.stop_group, runs)
                st.rerun()
        if (left := sum(map(is_resumable, runs))) and st.button(
            _("Resume {n}", n=left),
            icon=":material/play_arrow:",
            disabled=why is not None,
            help=why,
            key="group:resume",
        ):
            _try(commands.resume_group, runs)
            st.rerun()
    if alive:
        st.progress(float(np.mean([run.share for run in runs])))
    if refused := st.session_state.pop(REFUSED, None):
        st.error(plain(refused))


def _try(change: Callable[[Sequence[str]], None], runs: Sequence[Run]) -> None:
    try:
        change([run.id for run in runs])
    except (UserError, OSError) as error:
        st.session_state[REFUSED] = str(error)


def _scores(runs: Sequence[Run], last: Last) -> None:
    """Each variant's mean and spread in a table, and one score as a chart with every single run."""
    found = spreads(runs, last)
    titles = [score for score in dict.fromkeys(chain(*found.values())) if not score.endswith(ENDS)]
    messages = comparison.titles(runs, last)
    if not titles:
        st.caption(_("No score has been measured yet."))
        return
    rows = {
        label or _("all"): {_(messages[score]): str(spread) for score, spread in of.items()}
        for label, of in found.items()
    }
    st.dataframe(
        pd.DataFrame.from_dict(rows, orient="index").reindex(columns=[_(messages[score]) for score in titles]),
        alt=_("Mean and spread of each score"),
        placeholder="",
    )
    unfinished = sum(run.state != "finished" for run in runs)
    st.caption(
        _(
            "Mean ± standard deviation over the runs that have a value, in parentheses their number; the newest value of each counts."
        )
        + (
            " "
            + _("{unfinished} of the {n} runs have not been trained to their end.", unfinished=unfinished, n=len(runs))
            if unfinished
            else ""
        )
    )
    from genmodels.export.spread_figure import spread_figure  # with plotly, which few pages need

    if st.session_state.get(SCORE) not in titles:
        st.session_state[SCORE] = titles[0]
    score = st.selectbox(
        _("Score"),
        titles,
        format_func=lambda score: _(messages[score]),
        key=SCORE,
        label_visibility="collapsed",
        width=320,
    )
    column, called = scores(runs, last)[score].to_dict(), labels(runs)
    own = {
        label: [run.id for run in members if np.isfinite(column[run.id])] for label, members in variants(runs).items()
    }
    values = {label: [column[run] for run in ids] for label, ids in own.items()}
    names = {label: [called[run] for run in ids] for label, ids in own.items()}
    chart(
        spread_figure(values, names, _(messages[score])),
        _("{score}: every single run, and mean and standard deviation", score=messages[score]),
        "group:spread",
    )


def _choices(runs: Sequence[Run], last: Last) -> None:
    """Which run one would keep, without labels and with them."""
    if runs[0].config["family"] == "infogan":
        medoid(runs)
    for how, choice, about in (
        (
            N_("Chosen without labels"),
            without_labels(runs, last),
            N_("The lowest bound or loss: no label has a part in it."),
        ),
        (
            N_("Chosen by labels"),
            with_labels(runs, last),
            N_("The classifier has learned labels: who has none cannot choose so."),
        ),
    ):
        if choice:
            doubt = "" if held_out(choice.run.config) == "validation" else f" {_(ON_TEST_IMAGES)}"
            st.markdown(
                _(
                    "{how}: **{run}**, {by} **{value:.4g}**, one of {n} runs",
                    how=how,
                    run=plain(title_of_run(choice.run)),
                    by=choice.by,
                    value=choice.value,
                    n=len(runs),
                ),
                help=_(about) + doubt,
            )
