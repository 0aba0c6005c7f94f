"""Which of several InfoGANs to keep: by how much their codes agree with each other, which needs no labels, and by the labels."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.latent.clusters import cluster_accuracy
from genmodels.latent.medoid import agreement, centrality
from genmodels.runs.comparison import labels
from genmodels.runs.run import Run
from genmodels.ui.models import loading
from genmodels.ui.models.test_images import held_out
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

ASKED = "medoid:asked"
AGREEMENT, ACCURACY = N_("agreement with the others"), N_("code accuracy")
ABOUT = N_(
    "Each network reads the categories of the same test images; a run's agreement is the adjusted mutual information of its categories "
    "with those of each other run, on average. The medoid agrees most (ModelCentrality of "
    "[InfoGAN-CR](https://arxiv.org/abs/1906.06034)): no label has a part in it. Of two, both agree the same."
)


def medoid(runs: Sequence[Run]) -> None:
    """Draw the choice of the medoid beside that by labels, once it is asked for."""
    trained = [run for run in runs if loading.step(run) is not None]
    if len(trained) < 2:
        return
    if not st.toggle(_("Compare what the codes mean"), key=ASKED, help=_(ABOUT)):
        return
    try:
        with st.spinner(_("Reading the codes of test images…")), working():
            found = _compared(tuple(loading.identity(run) for run in trained), trained)
    except UserError as error:
        st.error(plain(error))
        return
    called = labels(trained)
    table = pd.DataFrame(
        {_("run"): [called[run.id] for run in trained], _("seed"): [run.config["seed"] for run in trained]}
        | {_(column): values for column, values in found.items()}
    )
    st.dataframe(table, hide_index=True, alt=_("Agreement and accuracy of the codes"), placeholder="")
    for how, column in ((N_("The medoid, without labels"), AGREEMENT), (N_("By labels"), ACCURACY)):
        if column in found and (column != AGREEMENT or len(trained) > 2):
            best = int(found[column].argmax())
            st.markdown(
                _(
                    "{how}: **{run}**, {by} **{value:.3f}**",
                    how=how,
                    run=plain(called[trained[best].id]),
                    by=column,
                    value=found[column][best],
                )
            )


@st.cache_data(max_entries=8, show_spinner=False)
def _compared(identities: tuple[loading.Identity, ...], _runs: Sequence[Run]) -> dict[str, np.ndarray]:
    images = held_out(_runs[0])
    read = [loading.read_codes(run, images.images)[0].argmax(1) for run in _runs]
    found: dict[str, np.ndarray] = {str(AGREEMENT): centrality(agreement(read))}
    if images.labels is not None:
        known = images.labels
        found[str(ACCURACY)] = np.array([cluster_accuracy(categories, known) for categories in read])
    return found
