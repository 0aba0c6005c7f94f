"""Part 1: the variational autoencoder."""

import streamlit as st

from genmodels.families import VAEConfig
from genmodels.ui.page import begin
from genmodels.ui.workbench import workbench

begin("Part 1: the variational autoencoder")
st.markdown(
    "A VAE squeezes each image through a short code $z$ and learns to draw the image again from it. Because the codes are "
    "kept close to a standard normal distribution, a random $z$ gives a *new* image."
)
with st.expander("How it works: encoder, decoder and the ELBO", icon=":material/school:"):
    st.markdown(
        r"""
**The parts.** The *encoder* looks at an image $x$ and answers with a normal distribution over codes,
$q(z\mid x) = \mathcal N(\mu(x), \sigma^2(x))$. The *decoder* takes a code and gives for each pixel the probability that it is
white, $p(x\mid z)$. Before any image is seen, codes follow $p(z) = \mathcal N(0, I)$.

**The goal.** We would like to make $\log p(x)$ large for every training image, but that needs an integral over all codes. The
*evidence lower bound* needs only codes that the encoder proposes (Kingma & Welling, 2014):

$$\log p(x) \;\ge\; \mathrm{ELBO}(x) = \underbrace{\mathbb E_{q(z\mid x)}\big[\log p(x\mid z)\big]}_{-\,\text{reconstruction}}
\;-\; \underbrace{\mathrm{KL}\big(q(z\mid x)\,\|\,p(z)\big)}_{\text{KL divergence}}$$

Training makes the **negative ELBO** small. Its two parts pull in opposite directions: a good *reconstruction* wants codes that
say much about the image, a small *KL* wants codes that say little. $\beta$ weighs the KL; 1 is the bound itself.

**The trick.** Writing $z = \mu + \sigma\,\varepsilon$ with $\varepsilon\sim\mathcal N(0, I)$ keeps the draw outside of the
network, so the gradient can pass through $\mu$ and $\sigma$.

**Reading the curves.** All are in *nats per image*, summed over the pixels. A network that knows nothing gives every pixel
probability ½: $784 \ln 2 = 543$ nats for a 28 × 28 image. *Active units* counts the latent dimensions that are in use; if it
falls to 0 with the KL, the decoder ignores its code (*posterior collapse*).
"""
    )
workbench(VAEConfig)
