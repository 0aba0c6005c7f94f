"""What can be seen where there is no run yet: the pretrained models, and how they were trained."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.families import FAMILIES
from genmodels.language import _
from genmodels.runs.run import Run
from genmodels.ui.runs.chart import chart
from genmodels.ui.runs.columns import as_frame, judged_by, names_of

COLUMNS = ("name", "family", "data", "epochs", "trained", "device")
HEIGHT = 212  # pixels: five rows and the header


def pretrained_instead() -> None:
    """Draw them, and the way to a first run."""
    models = [model for family in FAMILIES for model in pretrained_models(family)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(
            _("No run yet: train a first one in Part 1, or import one.")
            + (_(" Until then, here are the pretrained models.") if models else ""),
            width="stretch",
        )
        st.page_link("pages/vae.py", label=_("Part 1: the variational autoencoder"), icon=":material/compress:")
    if not models:
        return
    runs = [_as_run(model) for model in models]
    columns = [*COLUMNS[:1], *judged_by(runs), *COLUMNS[1:]]
    rows = pd.concat([model.metrics().assign(run=model.name, seconds=float("nan")) for model in models])
    newest = rows[rows["name"].isin(names_of(runs, columns))].groupby(["run", "name"])["value"].last()
    last = {run.id: newest[run.id].to_dict() if run.id in newest else {} for run in runs}
    frame, looks = as_frame(runs, last, columns)
    st.dataframe(frame, height=HEIGHT, hide_index=True, column_config=looks, placeholder="", alt=_("Pretrained models"))

    def of(names: Sequence[str], ids: Sequence[str]) -> pd.DataFrame:
        return rows[rows["name"].isin(names) & rows["run"].isin(ids)].reset_index(drop=True)

    one_each = {run.config["family"]: run for run in reversed(runs) if FAMILIES[run.config["family"]].pictures}
    chart([run for run in runs if one_each.get(run.config["family"]) == run], last, of)


def _as_run(model: Pretrained) -> Run:
    """A pretrained model as the run that it was."""
    card = model.card
    return Run(
        model.name,
        model.name,
        model.config,
        state="finished",
        device=card["device"],
        step=card["step"],
        total_steps=card["step"],
        epoch=card["epochs"],
        seconds=60 * card["minutes"],
    )
