"""Part 3: the conditional GAN and InfoGAN."""

import streamlit as st

from genmodels.families import CGANConfig, InfoGANConfig
from genmodels.ui.choice import choose
from genmodels.ui.classes import classes
from genmodels.ui.completion import completion
from genmodels.ui.fidelity import fidelity
from genmodels.ui.film import film
from genmodels.ui.infogan_codes import codes, meanings
from genmodels.ui.page import begin
from genmodels.ui.tabs import of, tabs
from genmodels.ui.which_family import which_family
from genmodels.ui.workbench import workbench

begin("Part 3: conditional GAN and InfoGAN")
st.markdown(
    "A GAN draws whatever it likes. A *conditional GAN* is told what to draw: a class, or the part of a picture that is already "
    "there. An *InfoGAN* is told nothing, but gets a code that must show in the image, and finds classes and styles by itself."
)
with st.expander("How it works: what a condition changes, and how a code gets a meaning", icon=":material/school:"):
    st.markdown(
        r"""
**What the condition changes in the minimax game** (Mirza & Osindero, 2014). Both players are told the condition $y$ beside
what they got before; nothing else changes:

$$\min_G \max_D V(D, G) = \mathbb E_{x, y}\big[\log D(x\mid y)\big] + \mathbb E_{z, y}\big[\log\big(1 - D(G(z\mid y)\mid y)\big)\big]$$

An image that looks real but does not fit its $y$ is a fake to the discriminator, so a generator that ignores $y$ is found out.

**Each class has an equilibrium of its own.** $V$ is a mean over $y$ of one game for each value of $y$. For a fixed generator
the best discriminator is $D^*(x\mid y) = \frac{p(x\mid y)}{p(x\mid y) + p_G(x\mid y)}$, class by class, and the game stands
still where $p_G(x\mid y) = p(x\mid y)$ and $D = \tfrac12$ *for every* $y$. One class may be there while another is not: the
networks share their weights, but the label fidelity of each class is to be looked at by itself.

**What InfoGAN adds** (Chen et al., 2016). The generator gets noise $z$ and a code $c$: one of some categories, and numbers between
-1 and 1. No label says what they mean. Instead the mutual information $I(c; G(z, c))$, how much an image tells of its code, is
to be large: $\min_{G, Q} \max_D V(D, G) - \lambda L_I(G, Q)$.

**Why a lower bound.** $I(c; G(z, c)) = H(c) - H(c\mid G(z, c))$ needs the posterior $P(c\mid x)$: which code an image was made
of. Nobody knows it. A network $Q(c\mid x)$ stands in for it, and whatever $Q$ says,

$$I(c; G(z, c)) \;\ge\; L_I(G, Q) = \mathbb E_{c\sim P(c),\, x\sim G(z, c)}\big[\log Q(c\mid x)\big] + H(c)$$

since what is left out, the mean of $\mathrm{KL}\big(P(c\mid x)\,\|\,Q(c\mid x)\big)$, is never negative. The better $Q$ reads the
code, the tighter the bound; its most is $H(c)$, the line *all there is* among the curves.

**Why Q learns from fakes only.** Only of an image that the generator has just made is the code known. A real image has none to
compare with; that $Q$ reads digits out of real images as well is a result, not what it was trained for.
"""
    )
family = which_family(("cgan", "infogan"))
entry = choose(family)
if family == "cgan":
    parts = {
        "Train": lambda: workbench(CGANConfig, entry),
        "Classes": of(entry, classes),
        "Complete the picture": of(entry, completion),
        "Label fidelity": of(entry, fidelity),
    }
else:
    parts = {
        "Train": lambda: workbench(InfoGANConfig, entry),
        "Codes": of(entry, codes),
        "What the codes mean": of(entry, meanings),
    }
tabs(parts | {"Film": of(entry, film)})
