"""A score over several seeds as a figure: each run a dot, and beside the dots their mean with its error bar."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from genmodels.export.figures import ACTIVE, IDLE, lay_out, pseudo_html
from genmodels.language import _
from genmodels.runs.spread import spread_of

HEIGHT = 260  # pixels


def spread_figure(values: Mapping[str, Sequence[float]], names: Mapping[str, Sequence[str]], title: str) -> go.Figure:
    """``values``: of each run, by the variant that it is of; ``names``: what these runs are called; ``title``: of the score.

    The error bars are one standard deviation of the sample either way; there is none of a single run.
    """
    figure = go.Figure()
    labels = {label: pseudo_html(label or _("all")) for label in values}
    dots = [
        (labels[label], value, name)
        for label in values
        for value, name in zip(values[label], names[label], strict=True)
    ]
    found = {labels[label]: spread for label, own in values.items() if (spread := spread_of(own))}
    figure.add_scatter(
        x=list(found),
        y=[spread.mean for spread in found.values()],
        error_y={
            "array": [spread.sd if spread.n > 1 else 0.0 for spread in found.values()],
            "thickness": 1.5,
            "width": 6,
        },
        mode="markers",
        name=_("mean ± standard deviation"),
        marker={"color": ACTIVE, "size": 12, "symbol": "diamond-open", "line_width": 2},
        text=[str(spread) for spread in found.values()],
        hovertemplate="%{x}: %{text}<extra></extra>",
    )
    figure.add_scatter(
        x=[label for label, _value, _name in dots],
        y=[value for _label, value, _name in dots],
        mode="markers",
        name=_("each run"),
        marker={"color": IDLE, "size": 7, "opacity": 0.7},
        text=[pseudo_html(name) for _label, _value, name in dots],
        hovertemplate="%{text}: %{y:.5~g}<extra></extra>",
    )
    lay_out(figure, HEIGHT)
    figure.update_layout(legend={"orientation": "h", "y": 1.15})
    figure.update_yaxes(title_text=title, automargin=True, zeroline=False)
    return figure.update_xaxes(type="category", automargin=True)
