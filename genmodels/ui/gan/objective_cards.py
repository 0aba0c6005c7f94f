"""What came of each of several objectives, side by side: its samples, their FID, and its losses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES, parse
from genmodels.language import N_, _
from genmodels.runs.run import Run
from genmodels.storage.image_grid import newest
from genmodels.ui.components.live_curves import live_curves
from genmodels.ui.models.scores import SCALE, ShownScore, scale, scores_of, shown_score
from genmodels.ui.session import get_store
from genmodels.ui.training.rows import rows_of
from genmodels.ui.training.run_panel import duration, panels
from genmodels.ui.widgets.images import show_enlarged
from genmodels.ui.widgets.text import plain

HEIGHT = 140  # of the losses, in pixels
MONITORED = N_("Of the few samples that training evaluates; lower is better.")


@dataclass(frozen=True)
class Card:
    """title: of the objective; note: how far it was trained; picture: a file of samples, or, without one, ``note`` says why.

    rows: (name, x, value); token: what they are of, see ``live_curves``.
    """

    title: str
    note: str
    picture: str | None
    fid: ShownScore | None
    config: RunConfig
    rows: pd.DataFrame
    token: str


def model_card(title: str, model: Pretrained) -> Card:
    """Of a pretrained model."""
    picture = model.picture("samples")
    fid = next((score for score in scores_of(model) if score.name == "fid"), None)
    note = _("{epochs:g} epochs, {time}", epochs=model.card["epochs"], time=duration(60 * model.card["minutes"]))
    config = FAMILIES[model.config["family"]].model_construct(**model.config)
    rows = model.metrics().rename(columns={"epoch": "x"})[["name", "x", "value"]]
    return Card(title, note, str(picture) if picture else None, fid, config, rows, model.name)


def run_card(title: str, run: Run) -> Card:
    """Of a run, as it is now."""
    picture = newest(get_store().folder(run.id) / "pictures").get("samples")
    note = _("{state}, epoch {epoch:.1f}", state=_(run.state), epoch=run.epoch)
    if picture is None:
        note = (
            {"queued": _("waiting for its turn"), "running": _("starting")}.get(run.state)
            or plain(run.error)
            or _(run.state)
        )
    last = get_store().last_metrics(run.id)
    fid = None
    if "score/fid" in last:
        measured = shown_score("fid", last["score/fid"], last.get("score/fid_floor"), last.get("score/fid_noise"))
        fid = replace(measured, help=_(MONITORED))
    rows = rows_of(run).rename(columns={"epoch": "x"})
    return Card(title, note, str(picture) if picture else None, fid, parse(run.config), rows, f"{run.id}:{run.attempt}")


def cards(shown: Sequence[Card]) -> None:
    """Draw them, three or four in a row."""
    a_row = 3 if len(shown) % 4 else 4
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
            st.markdown(f"FID **{card.fid.value}**", help=card.fid.help, width="content")
            if card.fid.place is not None:
                st.html(scale(card.fid), width=SCALE)
            elif card.fid.real:
                st.caption(_("real images {value}", value=card.fid.real), width="content")
    losses = replace(panels(card.config)[0], lines=(), of=card.title)  # the lines' legend would leave no room
    live_curves([losses], card.rows, key=f"compare:{card.token}", reset_token=card.token, height=HEIGHT)
