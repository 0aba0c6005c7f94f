"""What this is, where to start, the pretrained models at a glance."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.families import FAMILIES, pages
from genmodels.ui.models.scores import headline
from genmodels.ui.shell.navigation import RUNS, begin, file_of, page_of
from genmodels.ui.shell.tour import tour

A_ROW, PICTURE = 2, 140  # cards in a row, pixels of a picture's side

begin("Generative Models Lab")
st.markdown(
    "Deep generative models learn to *make* images like those they have seen. Here you can watch them learn: choose the "
    "settings, press **Start training**, and see the loss fall and the pictures become sharp. Training runs on this "
    "machine in a process of its own: close the tab, come back later, nothing is lost."
)
tour()
st.subheader("Where to start")
for page in pages():
    st.page_link(file_of(page), label=page.heading, icon=page.icon)
    st.markdown(page.teaser)
st.page_link(RUNS, label="All runs", icon=":material/list:")
st.markdown("Compare, stop and resume them, and carry them from one machine to another.")


def card(model: Pretrained) -> None:
    """A pretrained model's samples, the score that stands for it, and the way to its page."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", height="stretch"):
        st.image(str(model.picture("samples")), width=PICTURE, alt=f"Samples of {model.name}")
        with st.container(gap="xsmall"):
            st.markdown(f"**{model.card['title']}** (`{model.name}`)")
            for score in headline(model):
                st.caption(f"{score.title} {score.value}" + (f" (real images {score.real})" if score.real else ""))
            st.page_link(page_of(model.config["family"]), label="Look closer", query_params={"run": model.name})


def judge(model: Pretrained) -> None:
    """A pretrained classifier, which has no pictures and no page."""
    scores = model.card["scores"]
    st.caption(
        f"*{model.name}* judges samples. Its accuracy on real test images is {scores['accuracy']:.1%}, and "
        f"{scores['confident_share']:.1%} of them it classifies with p > 0.9."
    )


models = sorted(pretrained_models(), key=lambda model: list(FAMILIES).index(model.config["family"]))
generators = [model for model in models if model.picture("samples")]
if generators:
    st.subheader("Pretrained models")
    st.caption("Their images are no copies: each is drawn from random numbers.")
for first in range(0, len(generators), A_ROW):
    for column, model in zip(st.columns(A_ROW), generators[first : first + A_ROW], strict=False):
        with column:
            card(model)
for model in models:
    if FAMILIES[model.config["family"]].page is None:
        judge(model)
