"""The same GAN on several objectives, one after another, and the results side by side."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.base import MONITORED
from genmodels.config.families import DCGANConfig, is_known
from genmodels.config.objectives import OBJECTIVES
from genmodels.config.sweep import sweep
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.language import N_, _
from genmodels.runs.groups import groups, key_of
from genmodels.runs.spread import spread_of
from genmodels.runs.store import Run
from genmodels.ui.access import permission
from genmodels.ui.access.whose import shown
from genmodels.ui.gan.objective_cards import cards, model_card, seeds_card
from genmodels.ui.models.scores import scores_of
from genmodels.ui.runs.compare import overlay
from genmodels.ui.session import get_store
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.training import form_switch
from genmodels.ui.training.before_start import before_start
from genmodels.ui.training.matched_runs import shared_fields, start_alike, titles
from genmodels.ui.widgets.bounded import whole_number
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import plain

PRETRAINED = N_("The pretrained models")
CHOSEN = "compare:chosen"  # which comparison is shown, by its group
TICK = 3.0  # seconds between two looks while something trains
MOST_SEEDS = 10
MEASURED = {
    N_("FID of {n:,} samples", n=MONITORED): "score/fid",
    "D(x)": "train/d_real",
    "D(G(z))": "train/d_fake",
    N_("D's gradient"): "train/d_gradient",
    N_("G's gradient"): "train/g_gradient",
}
FORM, CHOICE_WIDTH = "compare", 380  # pixels
COMPARABLE = N_("Losses of different objectives cannot be compared; pictures and FID can.")


def compare() -> None:
    """Look at a comparison, and start one."""
    known = [run for run in shown(get_store().runs()) if run.config["family"] == "dcgan" and is_known(run.config)]
    comparisons = groups(known, "objectives")
    found = {group.key: group for group in comparisons}
    models = pretrained_models("dcgan")
    choices = [*found, *([PRETRAINED] if models else [])]
    bar = st.container(horizontal=True, vertical_alignment="center")
    # Before the choice is drawn, which it may set.
    if (not choices or form_switch.is_open(FORM)) and (may := permission.ask()):
        _start()
    if not choices:
        st.info(_("No comparison yet: tick some objectives and press Compare.") if may else _("No comparison yet."))
        return
    with bar:
        called = titles(comparisons)
        name = st.selectbox(
            _("Comparison"), choices, format_func=lambda key: called.get(key) or _(key), key=CHOSEN,
            label_visibility="collapsed", width=CHOICE_WIDTH,
        )  # fmt: skip
        form_switch.form_button(FORM, _("New comparison"))
        st.markdown(_("All of the same noise"), help=_(COMPARABLE), width="content")
    if name == PRETRAINED:
        _pretrained(models)
        return
    group = found[name]
    refresh_every(_results, TICK if group.alive else None)(group.ids, group.alive)
    with st.expander(_("One curve of all, and what differs"), icon=":material/stacked_line_chart:"):
        overlay(group.runs)


def _start() -> None:
    with st.container(border=True):
        chosen = st.multiselect(
            _("Objectives"), list(OBJECTIVES), ["minimax", "non-saturating", "least-squares"],
            format_func=lambda name: _(OBJECTIVES[name].title), key="compare:objectives", persist_state="session",
        )  # fmt: skip
        *columns, how_many, last = st.columns([4, 3, 3, 3, 3])
        values = shared_fields(columns, "compare")
        with how_many:
            about = _("So many runs of each, from that seed on.")
            seeds = whole_number(_("Seeds of each"), 1, MOST_SEEDS, 1, key="compare:seeds", help=about)
        with last:
            width = whole_number(_("Width (channels)"), 4, 256, 32, key="compare:width")
        outlook = st.container(gap="xxsmall")
        pressed = st.button(_("Compare"), type="primary", icon=":material/compare_arrows:", key="compare:start")
    if not chosen:
        if pressed:
            st.error(_("Nothing to compare: tick an objective or two."))
        return
    base = DCGANConfig.model_validate(values | {"width": width, "objective": chosen[0]})
    try:
        found = list(sweep(base, seeds, "objective", chosen).values())
    except UserError as error:
        st.error(plain(error))
        return
    if not pressed:
        with outlook:
            if len(found) > 1:
                st.caption(_("{n} runs as one group, one after another on a device.", n=len(found)))
            before_start(found[0])
        return
    configs = {f"{config.objective}, seed {config.seed}" if seeds > 1 else config.objective: config for config in found}
    if started := start_alike("objectives", configs):
        # By its value: the browser would keep, and send again, what was chosen before.
        st.session_state[CHOSEN] = key_of(started[0])
        form_switch.close_form(FORM)
        st.rerun()


def _results(ids: Sequence[str], was_alive: bool) -> None:
    store = get_store()
    queue.mark_interrupted(store)
    runs = store.get_many(ids)
    if any(run.alive for run in runs) != was_alive:
        st.rerun()
    each: dict[str, list[Run]] = {}
    for run in runs:
        each.setdefault(_(OBJECTIVES[run.config["objective"]].title), []).append(run)
    cards([seeds_card(title, own) for title, own in each.items()])
    table = _table(runs)
    if len(each) < len(runs):
        st.dataframe(_spreads(table), placeholder="", alt=_("Mean and spread of each objective"))
        st.caption(_("Mean ± standard deviation, and the number of seeds; below, every single run."))
    st.dataframe(table, hide_index=True, placeholder="", alt=_("The objectives compared"))


def _spreads(table: pd.DataFrame) -> pd.DataFrame:
    """A row for each objective, with the mean and spread of each value over its runs."""
    return table.groupby(_("objective"), sort=False)[[_(title) for title in MEASURED]].agg(_told)


def _told(values: pd.Series) -> str:
    return str(spread_of(values) or "")


def _pretrained(models: list[Pretrained]) -> None:
    """What came of the objectives that the pretrained models were trained on, for as long and with the same seed."""
    titled = {_(model.card["title"].partition(": ")[2]): model for model in models}
    cards([model_card(title, model) for title, model in titled.items()])
    scores = {title: scores_of(model) for title, model in titled.items()}
    columns = {title: {score.title: score.value for score in own} for title, own in scores.items()}
    ends = {
        score.title: score for own in reversed(scores.values()) for score in own
    }  # those of all are nearly the same
    columns[_("real images")] = {title: score.real for title, score in ends.items()}
    columns[_("noise")] = {title: score.noise for title, score in ends.items()}
    st.table(pd.DataFrame(columns))
    st.caption(_("Of {n:,} samples of each.", n=models[0].card["scores"].get("samples", 0)))


def _table(runs: list[Run]) -> pd.DataFrame:
    rows = []
    for run in runs:
        last = get_store().last_metrics(run.id)
        rows.append(
            {
                _("objective"): _(OBJECTIVES[run.config["objective"]].title),
                _("seed"): run.config["seed"],
                _("state"): _(run.state),
                _("epochs"): round(run.epoch, 1),
                _("trained"): duration(run.seconds),
            }
            | {_(title): last.get(name, math.nan) for title, name in MEASURED.items()}
        )
    return pd.DataFrame(rows)
