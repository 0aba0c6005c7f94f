"""The losses of GAN objectives as charts: curves in, figure out."""

import numpy as np
import plotly.graph_objects as go

from genmodels.config.loss_curves import LOSS_CURVES
from genmodels.config.objectives import ObjectiveInfo
from genmodels.export.figures import IDLE, PALETTE
from genmodels.language import N_, _

HEIGHT = 260  # pixels
LOGITS = np.linspace(-4, 4, 161)
LOSSES = [-4.2, 5.2]  # the range of all charts, so that they can be compared
BLUE, ORANGE, TEAL, GREEN = (PALETTE[index] for index in (0, 1, 3, 4))
# The objectives whose generators learn from different curves: the others have one of these.
SLOPES = {
    "non-saturating": (N_("Non-saturating, relativistic"), BLUE),
    "minimax": (N_("Minimax"), ORANGE),
    "least-squares": (N_("Least squares"), GREEN),
    "hinge": (N_("Hinge, Wasserstein"), TEAL),
}


def loss_figure(name: str, info: ObjectiveInfo) -> go.Figure:
    """What a real and a fake image add to the losses of both networks, with the logit of the equilibrium, or the ends of its interval.

    Of an objective that pairs images, by the difference of their logits, which at the equilibrium is none.
    """
    curves = LOSS_CURVES[name]
    figure = go.Figure()
    # The generator's first: it may be the same as one of the discriminator's, which is drawn thin upon it.
    figure.add_scatter(x=LOGITS, y=curves.generator(LOGITS), name=_("G, fake"), line={"color": ORANGE, "width": 5})
    figure.add_scatter(x=LOGITS, y=curves.real(LOGITS), name=_("D, real"), line={"color": BLUE, "width": 2})
    dashed = {"color": BLUE, "width": 2, "dash": "dash"}
    figure.add_scatter(x=LOGITS, y=curves.fake(LOGITS), name=_("D, fake"), line=dashed)
    outputs = (0.0,) if info.paired else info.equilibrium(info.demands.get("label_smoothing", 0.0)).outputs
    for output in outputs:
        logit = np.log(output / (1 - output)) if info.probabilities else output
        figure.add_vline(logit, line_dash="dot", line_width=1, line_color=IDLE)
    figure = _laid_out(figure).update_yaxes(range=LOSSES)
    if info.paired:
        figure.update_xaxes(unifiedhovertitle_text=_("logit, less the other's: %{x:.2f}"))
    return figure


def slope_figure() -> go.Figure:
    """How fast the loss of a fake image falls as its logit rises."""
    figure = go.Figure()
    for name, (label, colour) in SLOPES.items():
        slope = -np.gradient(LOSS_CURVES[name].generator(LOGITS), LOGITS)
        figure.add_scatter(x=LOGITS, y=slope, name=_(label), line={"color": colour})
    return _laid_out(figure)


def _laid_out(figure: go.Figure) -> go.Figure:
    figure.update_traces(mode="lines", hovertemplate="%{y:.3g}")
    figure.update_xaxes(
        range=[LOGITS[0], LOGITS[-1]], zeroline=False, dtick=2, unifiedhovertitle_text=_("logit %{x:.2f}")
    )
    figure.update_yaxes(zeroline=True, zerolinecolor=IDLE, zerolinewidth=1)
    return figure.update_layout(
        height=HEIGHT,
        margin={"l": 24, "r": 4, "t": 4, "b": 20},
        hovermode="x unified",
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "font_size": 11},
    )
