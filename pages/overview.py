"""What this is, what runs now, the shipped models at a glance."""

import streamlit as st

from genmodels.families import FAMILIES
from genmodels.shipped import shipped
from genmodels.ui.gallery import show
from genmodels.ui.page import begin, page_of

begin("Generative Models Lab")
st.markdown(
    "Deep generative models learn to *make* images like those they have seen. Here you can watch them learn: choose the "
    "settings, press **Start training**, and see the loss fall and the pictures become sharp. Training runs on this "
    "machine in a process of its own: close the tab, come back later, nothing is lost."
)
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
st.page_link("pages/runs.py", label="All runs", icon=":material/list:")
st.markdown("Compare, stop and resume them, and carry them from one machine to another.")
models = shipped()
if models:
    st.subheader("Shipped models")
for model in models:
    left, right = st.columns([1, 2], gap="large")
    with left:
        show({"samples": str(model.folder / "samples.png")}, {"samples": f"Samples of {model.name}"})
    with right:
        st.markdown(f"**{model.card['title']}** · {FAMILIES[model.config['family']].title}")
        st.markdown(f"Trained in {model.card['minutes']:.0f} minutes on {model.card['device']}. No image on the left is a copy: "
                    "each is drawn from a random code.")  # fmt: skip
        st.page_link(page_of(model.config["family"]), label="Look closer", query_params={"run": model.name})
