"""Each GAN objective as the curves of its losses, with its equations behind its name."""

import streamlit as st

from genmodels.config.objectives import OBJECTIVES, ObjectiveInfo
from genmodels.language import N_, _, listed
from genmodels.ui.components.static_chart import chart
from genmodels.ui.shell.explanation import explanation

A_ROW = 3
SLOPES_TITLE = N_("How hard each pulls at the generator")


def objectives() -> None:
    """All objectives, side by side, then what their generators learn from, and how to read it."""
    from genmodels.ui.gan.loss_figures import loss_figure, slope_figure  # plotly takes a while to load

    with st.container(key="pairs-of-losses"):
        *own, slopes = [column for row in range(0, len(OBJECTIVES) + 1, A_ROW) for column in st.columns(A_ROW)]
    for place, (name, info) in zip(own, OBJECTIVES.items(), strict=False):
        with place, st.container(gap="xsmall"):
            with st.popover(_(info.title), icon=":material/functions:", type="tertiary", key=f"objective:{name}"):
                _equations(name, info)
            chart(
                loss_figure(name, info),
                _("Losses of {title} by the discriminator's logit", title=_(info.title)),
                f"losses:{name}",
            )
    with slopes, st.container(gap="xsmall"):
        st.markdown(f"**{_(SLOPES_TITLE)}**")
        chart(slope_figure(), _("Slopes of the generators' losses by the discriminator's logit"), "losses:slopes")
    st.markdown(
        _(
            "Across: the discriminator's logit for an image, which no network squashes, or, of relativistic pairs, that logit less the other "
            "image's. Up: what that image adds to a loss. Where $D(\\cdot)$ stands for a probability, it is the sigmoid of the logit. The "
            "dotted line is where $D$ can no longer tell real images $x$ from fakes $G(z)$, and two are the ends of where that may be. The "
            "slope of a curve is what its network learns from."
        )
    )
    explanation("losses")


def _equations(name: str, info: ObjectiveInfo) -> None:
    source = _(info.source)
    st.markdown(f"**{_(info.title)}** :small[`{name}` · {source}]")
    st.markdown(_("Discriminator minimises:") + f" $${info.discriminator}$$")
    st.markdown(_("Generator minimises:") + f" $${info.generator}$$")
    st.markdown(_(info.reading))
    st.caption(_at_equilibrium(info))
    if info.demands:
        settings = listed(f"`{field}` {value}" for field, value in info.demands.items())
        st.caption(_("Choosing it sets {settings}.", settings=settings))


def _at_equilibrium(info: ObjectiveInfo) -> str:
    """The numbers of the lines among the curves, with what choosing the objective sets."""
    smoothing = info.demands.get("label_smoothing", 0.0)
    found = info.equilibrium(smoothing)
    losses = {_("D's loss"): found.d_loss, _("G's loss"): found.g_loss}
    numbers = {name: _("{value:.4g}", value=value) for name, value in losses.items() if value is not None}
    output = _(" to ").join(_("{value:.4g}", value=value) for value in found.outputs)
    told = listed(f"{name} {value}" for name, value in (numbers | {_("D's output"): output}).items() if value)
    if smoothing:
        return _("At equilibrium: {told} (for s = {smoothing:g}).", told=told, smoothing=smoothing)
    return _("At equilibrium: {told}.", told=told)
