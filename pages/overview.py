"""What this is, what runs now, the shipped models at a glance."""

import streamlit as st

from genmodels.families import FAMILIES
from genmodels.shipped import shipped
from genmodels.ui.gallery import show
from genmodels.ui.page import begin

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
        st.page_link(f"pages/{model.config['family']}.py", label="Look closer", query_params={"run": model.name})
