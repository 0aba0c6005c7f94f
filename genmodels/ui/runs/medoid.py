"""Which of several InfoGANs to keep: by how much their codes agree with each other, which needs no labels, and by the labels."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from genmodels.errors import UserError
from genmodels.latent.clusters import cluster_accuracy
from genmodels.latent.medoid import agreement, centrality
from genmodels.runs.comparison import labels
from genmodels.runs.run import Run
from genmodels.ui.models import loading
from genmodels.ui.models.test_images import held_out
from genmodels.ui.widgets.text import plain

ASKED = "medoid:asked"
ABOUT = (
    "Each network reads the categories of the same test images; a run's agreement is the adjusted mutual information of its categories "
    "with those of each other run, on average. The medoid agrees most (ModelCentrality of "
    "[InfoGAN-CR](https://arxiv.org/abs/1906.06034)): no label has a part in it. Of two, both agree the same."
)


def medoid(runs: Sequence[Run]) -> None:
    """Draw the choice of the medoid beside that by labels, once it is asked for."""
    trained = [run for run in runs if loading.step(run) is not None]
    if len(trained) < 2:
        return
    if not st.toggle("Compare what the codes mean", key=ASKED, help=ABOUT):
        return
    try:
        found = _compared(tuple(loading.identity(run) for run in trained), trained)
    except UserError as error:
        st.error(plain(error))
        return
    called = labels(trained)
    table = pd.DataFrame(
        {"run": [called[run.id] for run in trained], "seed": [run.config["seed"] for run in trained]} | found
    )
    st.dataframe(table, hide_index=True, alt="Agreement and accuracy of the codes", placeholder="")
    for how, column in (("The medoid, without labels", "agreement with the others"), ("By labels", "code accuracy")):
        if column in table and (column != "agreement with the others" or len(trained) > 2):
            best = table.iloc[int(table[column].argmax())]
            st.markdown(f"{how}: **{plain(best['run'])}**, {column} **{best[column]:.3f}**")


@st.cache_data(max_entries=8, show_spinner="Reading the codes of test images…")
def _compared(identities: tuple[loading.Identity, ...], _runs: Sequence[Run]) -> dict[str, np.ndarray]:
    images = held_out(_runs[0])
    read = [loading.read_codes(run, images.images)[0].argmax(1) for run in _runs]
    found = {"agreement with the others": centrality(agreement(read))}
    if images.labels is not None:
        known = images.labels
        found["code accuracy"] = np.array([cluster_accuracy(categories, known) for categories in read])
    return found
