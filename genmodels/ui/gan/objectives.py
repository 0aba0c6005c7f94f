"""Each GAN objective in words, with its equations."""

import streamlit as st

from genmodels.config.objectives import OBJECTIVES, ObjectiveInfo
from genmodels.ui.shell.explanation import explanation


def objectives() -> None:
    """All objectives, one below the other."""
    st.markdown(
        "A generator $G$ makes images from noise $z$; a discriminator $D$ looks at real images $x$ and at fakes $G(z)$. All "
        "objectives below are computed on the discriminator's raw logit, which no network squashes; where $D(\\cdot)$ stands for "
        "a probability, it is the sigmoid of the logit."
    )
    explanation("losses")
    for name, info in OBJECTIVES.items():
        with st.container(border=True):
            st.markdown(f"**{info.title}** :small[`{name}` · {info.source}]")
            left, right = st.columns(2, gap="medium")
            with left:
                st.markdown(f"Discriminator minimises: $${info.discriminator}$$")
                st.markdown(f"Generator minimises: $${info.generator}$$")
            with right:
                st.markdown(info.reading)
                st.caption(_at_equilibrium(info))
                if info.demands:
                    listed = ", ".join(f"`{field}` {value}" for field, value in info.demands.items())
                    st.caption(f"Choosing it sets {listed}.")


def _at_equilibrium(info: ObjectiveInfo) -> str:
    """The numbers of the lines among the curves, with what choosing the objective sets."""
    smoothing = info.demands.get("label_smoothing", 0.0)
    found = info.equilibrium(smoothing)
    numbers = {"D's loss": found.d_loss, "G's loss": found.g_loss, "D's output": found.output}
    listed = ", ".join(f"{name} {value:.4g}" for name, value in numbers.items() if value is not None)
    return f"At equilibrium: {listed}" + (f" (for s = {smoothing:g})." if smoothing else ".")
