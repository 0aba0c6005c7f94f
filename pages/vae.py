"""Part 1: the variational autoencoder."""

import streamlit as st

from genmodels.families import VAEConfig
from genmodels.ui.beside import beside
from genmodels.ui.choice import Entry, choose
from genmodels.ui.decoder import decoder
from genmodels.ui.explorer import explorer
from genmodels.ui.page import begin
from genmodels.ui.tabs import of, tabs
from genmodels.ui.workbench import workbench

TSNE = """
**What it keeps.** t-SNE (van der Maaten & Hinton, 2008) gives every image a place on the plane so that its *near neighbours*
in the latent space are near on the plane too. An island on the map is a group of codes that are each other's neighbours.

**What it does not keep.** The *distance between* two islands says nothing, nor does the *size* of an island: dense groups are
drawn as large as loose ones. Another seed gives another picture of the same codes. What you want to know about distances,
ask the codes themselves: the scores and the nearest neighbours here are computed in all dimensions, not on the map.

**Perplexity** is about how many neighbours each image tries to keep. With a small one, chance groupings look like islands; with
a large one, small groups melt into their surroundings. A structure that stays when you change it is likely to be real.

**Why cluster numbers are arbitrary.** KMeans never sees a label. Which group it finds first is chance, so "cluster 3" need not
hold the digit 3. To count hits, clusters are matched to labels in the best possible way first (the Hungarian method, Kuhn
1955); the colours on the map follow that match.
"""
VAE_AND_GAN = """
| | VAE | GAN |
|---|---|---|
| **What is trained** | an encoder and a decoder, together, on one loss | a generator against a discriminator, each on its own |
| **What the loss says** | a bound on $-\\log p(x)$: of two VAEs the one with the lower test loss is the better model of the data | how the game stands; it need not fall when the images get better |
| **How one judges it** | by the test loss, and by its samples | by its samples, with scores such as FID made for that |
| **The images** | soft: the decoder gives the mean of all images that a code might stand for | sharp, but some kinds may be missing (mode collapse) |
| **From an image to a code** | the encoder does it at once | there is no encoder |
| **Training** | steady | can oscillate, or end in noise |

A VAE also *reduces dimensions and finds structure*: its codes can be mapped, clustered and walked through, as in the other
tabs. A GAN's noise has no such meaning by itself.
"""


def latent_space(entry: Entry) -> None:
    explorer(entry)
    with st.expander("What t-SNE shows, and what it does not", icon=":material/school:"):
        st.markdown(TSNE)


def vae_beside_gan(entry: Entry) -> None:
    beside(entry)
    with st.expander("How a VAE and a GAN differ", icon=":material/school:"):
        st.markdown(VAE_AND_GAN)


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
entry = choose("vae")
tabs(
    {
        "Train": lambda: workbench(VAEConfig, entry),
        "Latent space": of(entry, latent_space),
        "Decoder": of(entry, decoder),
        "VAE beside GAN": of(entry, vae_beside_gan),
    }
)
