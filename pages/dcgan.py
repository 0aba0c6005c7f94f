"""Part 2: the DCGAN and the GAN objectives."""

import streamlit as st

from genmodels.families import DCGANConfig
from genmodels.ui.choice import choose
from genmodels.ui.compare import compare
from genmodels.ui.film import film
from genmodels.ui.inside import inside
from genmodels.ui.noise_space import noise_space
from genmodels.ui.objectives import objectives
from genmodels.ui.page import begin
from genmodels.ui.tabs import of, tabs
from genmodels.ui.workbench import workbench

begin("Part 2: DCGAN and the GAN objectives")
st.markdown(
    "Two networks play against each other: a *generator* draws images from noise, a *discriminator* tells them from real ones. "
    "What exactly each of them makes small is the *objective*, and it decides whether the game ends well."
)
with st.expander("How it works: what DCGAN changed, and where the noise comes from", icon=":material/school:"):
    st.markdown(
        r"""
**The noise.** $z$ is drawn from a standard normal distribution and means nothing by itself. The generator never sees an
image: all it gets is the gradient of the discriminator's answer. From that it learns which image to make of which region of
the noise, so that nearby noise gives similar images.

**What DCGAN changed** (Radford, Metz & Chintala, 2016). Earlier convolutional GANs hardly trained. DCGAN's recipe: no pooling
and no fully connected hidden layers, BatchNorm in both networks, ReLU in the generator with tanh at its end, LeakyReLU in the
discriminator, small random weights, and Adam with a slow step and little momentum.

**Why strided convolutions instead of pooling.** Pooling reduces an image by a fixed rule: the maximum or the mean of each
square. A convolution with stride 2 *learns* what to keep, and so does its transpose on the way up; and every output pixel passes
a gradient on to all its inputs, not to the largest one alone. The form lets you swap them and see what happens.

**Reading the curves.** The losses need not fall: each side's task gets harder as the other gets better. Look at the
discriminator's output: near its *equilibrium* line it can hardly tell real from fake. A discriminator that is always right, and
a generator whose gradient dies, are bad signs.
"""
    )
entry = choose("dcgan")
tabs(
    {
        "Train": lambda: workbench(DCGANConfig, entry),
        "Compare objectives": compare,
        "Latent space": of(entry, noise_space),
        "Inside the network": of(entry, inside),
        "Film": of(entry, film),
        "The objectives": objectives,
    }
)
