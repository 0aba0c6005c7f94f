"""What this is, where to start, the shipped models at a glance."""

import streamlit as st

from genmodels.checkpoints.pretrained import Shipped, shipped
from genmodels.config.families import FAMILIES
from genmodels.ui.models.scores import headline
from genmodels.ui.shell.navigation import begin, page_of
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
st.page_link("pages/vae.py", label="Part 1: the variational autoencoder", icon=":material/compress:")
st.markdown(
    "An encoder turns an image into a short code, a decoder turns a code into an image, and one number, the ELBO, trains "
    "both. On the page you find a trained model to look at, and a form to train your own: with its defaults, on the "
    "embedded 5,000 digits, you see digits take shape while you watch."
)
st.page_link("pages/dcgan.py", label="Part 2: DCGAN and the GAN objectives", icon=":material/swords:")
st.markdown(
    "A generator draws images from noise, a discriminator tells them from real ones, and each learns from the other. Seven "
    "objectives, each with its equation and a line where the game stands still."
)
st.page_link("pages/conditional.py", label="Part 3: conditional GAN and InfoGAN", icon=":material/category:")
st.markdown(
    "Tell both networks a class and ask for it, or show them a part of a picture and have the rest drawn; or give the "
    "generator a code that nobody explains, and see what it comes to mean."
)
st.page_link("pages/runs.py", label="All runs", icon=":material/list:")
st.markdown("Compare, stop and resume them, and carry them from one machine to another.")


def card(model: Shipped) -> None:
    """A shipped model's samples, the score that stands for it, and the way to its page."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", height="stretch"):
        st.image(str(model.picture("samples")), width=PICTURE, alt=f"Samples of {model.name}")
        with st.container(gap="xsmall"):
            st.markdown(f"**{model.card['title']}** (`{model.name}`)")
            for score in headline(model):
                st.caption(f"{score.title} {score.value}" + (f" (real images {score.real})" if score.real else ""))
            st.page_link(page_of(model.config["family"]), label="Look closer", query_params={"run": model.name})


def judge(model: Shipped) -> None:
    """A shipped classifier, which has no pictures and no page."""
    scores = model.card["scores"]
    st.caption(
        f"*{model.name}* judges samples. Of real test images it calls {scores['accuracy']:.1%} right, and "
        f"{scores['confident_share']:.1%} with a probability above 0.9."
    )


models = sorted(shipped(), key=lambda model: list(FAMILIES).index(model.config["family"]))
generators = [model for model in models if model.picture("samples")]
if generators:
    st.subheader("Shipped models")
    st.caption("Their images are no copies: each is drawn from random numbers.")
for first in range(0, len(generators), A_ROW):
    for column, model in zip(st.columns(A_ROW), generators[first : first + A_ROW], strict=False):
        with column:
            card(model)
for model in models:
    if model.config["family"] == "classifier":
        judge(model)
