"""What came of each of several objectives, side by side: its samples, their FID, and its losses."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.base import MONITORED, RunConfig
from genmodels.config.families import FAMILIES, parse
from genmodels.config.sweep import seeds
from genmodels.language import N_, _
from genmodels.runs.run import Run
from genmodels.runs.spread import spread_of
from genmodels.ui.components.live_curves import Panel, live_curves
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_line import SCALE, samples_told, scale
from genmodels.ui.models.scores import ShownScore, shown_score
from genmodels.ui.models.stored import FID_HELP, stored_samples, stored_scores
from genmodels.ui.runs.seed_bands import over_seeds
from genmodels.ui.session import get_store
from genmodels.ui.training.panels import panels
from genmodels.ui.training.rows import rows_of
from genmodels.ui.widgets.images import show_enlarged
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import leading, plain

HEIGHT = 140  # of the losses, in pixels
SPREAD = N_("Mean ± standard deviation over the seeds.")


@dataclass(frozen=True)
class Card:
    """title: of the objective; note: how far it was trained; picture: a file of samples, or, without one, ``note`` says why.

    seeds: how many trainings it is of; losses: the chart of ``rows`` (name, x, value); token: what they are of, see ``live_curves``.
    """

    title: str
    note: str
    picture: str | None
    fid: ShownScore | None
    losses: Panel
    rows: pd.DataFrame
    token: str
    seeds: int = 1


def model_card(title: str, model: Pretrained) -> Card:
    """Of a pretrained model."""
    picture, fid = stored_samples(model), _fid(model)
    note = _("{epochs:g} epochs, {time}", epochs=model.card["epochs"], time=duration(60 * model.card["minutes"]))
    config = FAMILIES[model.config["family"]].model_construct(**model.config)
    rows = model.metrics().rename(columns={"epoch": "x"})[["name", "x", "value"]]
    return Card(title, note, str(picture) if picture else None, fid, _losses(config, title), rows, model.name)


def run_card(title: str, run: Run) -> Card:
    """Of a run, as it is now."""
    picture = stored_samples(run)
    note = _("{state}, epoch {epoch:.1f}", state=_(run.state), epoch=run.epoch)
    if picture is None:
        note = (
            {"queued": _("waiting for its turn"), "running": _("starting")}.get(run.state)
            or plain(run.error)
            or _(run.state)
        )
    rows = rows_of(run).rename(columns={"epoch": "x"})
    losses = _losses(parse(run.config), title)
    return Card(title, note, str(picture) if picture else None, _fid(run), losses, rows, f"{run.id}:{run.attempt}")


def _fid(entry: Entry) -> ShownScore | None:
    return next((score for score in stored_scores(entry) if score.name == "fid"), None)


def seeds_card(title: str, runs: Sequence[Run]) -> Card:
    """Of several runs that differ in their seed alone: the samples of the first that has any, the mean and spread of their FID, and
    their losses as bands."""
    if len(runs) == 1:
        return run_card(title, runs[0])
    single = [run_card(title, run) for run in runs]
    shown = next((place for place, card in enumerate(single) if card.picture), 0)
    ended = sum(run.state == "finished" for run in runs)
    last = [get_store().last_metrics(run.id) for run in runs]
    ends = [
        spread_of(each.get(f"score/{name}", math.nan) for each in last) for name in ("fid", "fid_floor", "fid_noise")
    ]
    fid, count = None, len(runs)
    if (found := ends[0]) is not None:
        measured = shown_score("fid", found.mean, *(end.mean if end else None for end in ends[1:]), images=MONITORED)
        told = measured.value
        if found.n > 1:
            told = _("{value} ± {sd:,.1f}", value=told, sd=found.sd)
        fid, count = replace(measured, value=told, help=f"{_(FID_HELP)} {_(SPREAD)}"), found.n
    losses, rows = over_seeds(
        _losses(parse(runs[0].config), title),
        {_("seed {seed}", seed=run.config["seed"]): card.rows for run, card in zip(runs, single, strict=True)},
    )
    note = _(
        "{ended} of {n} seeds finished; samples of seed {seed}",
        ended=ended,
        n=len(runs),
        seed=runs[shown].config["seed"],
    )
    token = ",".join(card.token for card in single)
    return Card(title, note, single[shown].picture, fid, losses, rows, token, count)


def _losses(config: RunConfig, title: str) -> Panel:
    return replace(panels(config)[0], lines=(), of=title)  # the lines' legend would leave no room


def cards(shown: Sequence[Card]) -> None:
    """Draw them, three or four in a row."""
    a_row = 3 if len(shown) % 4 else 4
    with st.container(key="pairs-of-cards"):
        for start in range(0, len(shown), a_row):
            for column, card in zip(st.columns(a_row), shown[start : start + a_row], strict=False):
                with column, st.container(gap="xsmall"):
                    _draw(card)


def _draw(card: Card) -> None:
    if card.picture:
        show_enlarged(card.picture, _("Samples of {title}", title=card.title))
    st.markdown(f"**{card.title}** :small[{card.note}]")
    if card.fid:
        with st.container(horizontal=True, vertical_alignment="center"):
            of = f"{seeds(card.seeds)}]  \n:small[:gray[{samples_told(card.fid.images)}]"
            st.markdown(f"{leading('FID')} **{card.fid.value}** :small[{of}]", help=card.fid.help, width="content")
            if card.fid.place is not None:
                st.html(scale(card.fid), width=SCALE)
            elif card.fid.real:
                st.caption(_("real images {value}", value=card.fid.real), width="content")
    if card.losses.has_values(card.rows):
        live_curves(
            [card.losses],
            card.rows,
            key=f"compare:{card.token}",
            reset_token=card.token,
            height=HEIGHT,
            grows=card.seeds == 1,
        )
