"""Plotly figures: data in, figure out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.colors import qualitative
from plotly.subplots import make_subplots

# Ten hues that can be told apart on light and on dark paper (Tableau), then more for what has no hue of its own.
PALETTE = (*qualitative.T10, *qualitative.Dark24)
ACTIVE, IDLE = "#4c78a8", "#9d9d9d"
MARGIN = {"l": 10, "r": 10, "t": 30, "b": 10}


@dataclass(frozen=True)
class Line:
    """One line of a chart: points (x, y), each (N,); lines of the same label are shown and hidden together."""

    label: str
    x: np.ndarray
    y: np.ndarray
    colour: str
    dash: bool = False
    pale: bool = False


def training_curves(lines: Sequence[Line], unit: str, levels: Sequence[tuple[float, str]] = ()) -> go.Figure:
    """Curves over the epochs, with reference lines at ``levels``, as (height, label)."""
    figure = go.Figure()
    named: set[str] = set()
    for line in sorted(lines, key=lambda line: not line.pale):
        figure.add_scatter(
            x=line.x,
            y=line.y,
            mode="lines" if len(line.x) > 1 else "markers",  # a line of one point is invisible
            name=line.label,
            legendgroup=line.label,
            showlegend=not line.pale and line.label not in named,
            line={"color": line.colour, "width": 1.75, "dash": "dash" if line.dash else "solid"},
            opacity=0.3 if line.pale else 1,
            hoverinfo="skip" if line.pale else None,
            hovertemplate=None if line.pale else "%{y:.4~g}",
        )
        named |= set() if line.pale else {line.label}
    for height, label in levels:
        figure.add_hline(height, line_dash="dot", line_width=1, line_color=IDLE, annotation_text=label)
    figure.update_layout(
        template="none",
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        height=270 + 20 * len(named),
        hovermode="x unified",
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)"},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(title_text="epoch", automargin=True, zeroline=False, unifiedhovertitle_text="epoch %{x:.2f}")
    return figure.update_yaxes(title_text=unit, automargin=True, zeroline=False)


def cluster_heat_map(counts: np.ndarray, clusters: Sequence[str], classes: Sequence[str]) -> go.Figure:
    """How many images of each class (columns) lie in each cluster (rows); counts: (clusters, classes)."""
    figure = _heat_map(counts, clusters, classes, "%{y}, label %{x}: %{z} images")
    return figure.update_xaxes(title_text="label")


def confusion_heat_map(counts: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """How often each class came out (columns) when each was asked for (rows); counts: (classes, classes)."""
    figure = _heat_map(counts, classes, classes, "asked for %{y}, came out as %{x}: %{z} images")
    figure.update_yaxes(title_text="asked for")
    return figure.update_xaxes(title_text="came out")


def _heat_map(counts: np.ndarray, rows: Sequence[str], columns: Sequence[str], hover: str) -> go.Figure:
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=list(columns),
            y=list(rows),
            colorscale="Blues",
            text=counts,
            texttemplate="%{text}",
            hovertemplate=f"{hover}<extra></extra>",
            showscale=False,
        )
    )
    figure.update_layout(margin=MARGIN, height=120 + 28 * len(rows))
    figure.update_xaxes(type="category")
    return figure.update_yaxes(autorange="reversed", type="category")


def fidelity_bars(shares: np.ndarray, classes: Sequence[str], real: float | None) -> go.Figure:
    """How often each class came out when it was asked for, and a line at what real images reach, if that is known.

    shares: (classes,).
    """
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=list(classes),
            orientation="h",
            marker_color=ACTIVE,
            text=[f"{share:.1%}" for share in shares],
            textposition="auto",
            insidetextanchor="start",
            textangle=0,
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        )
    )
    if real is not None:
        above = {"annotation_yanchor": "bottom", "annotation_xanchor": "right", "annotation_text": "real images"}
        figure.add_vline(real, line_dash="dot", line_color=IDLE, annotation_position="top", **above)
    figure.update_layout(margin=MARGIN, height=120 + 28 * len(classes))
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text="share of its images")
    return figure.update_yaxes(autorange="reversed", type="category")


def kl_bars(kl: np.ndarray, active: np.ndarray) -> go.Figure:
    """The KL of each latent dimension in nats, the largest first; kl, active: (D,)."""
    order = np.argsort(-kl)
    figure = go.Figure()
    for name, colour, shown in (("active", ACTIVE, active[order]), ("not in use", IDLE, ~active[order])):
        figure.add_bar(
            x=np.nonzero(shown)[0],
            y=kl[order][shown],
            customdata=order[shown],
            name=f"{name} ({shown.sum()})",
            marker_color=colour,
            hovertemplate="dimension %{customdata}: %{y:.3f} nats<extra></extra>",
        )
    figure.update_layout(
        margin=MARGIN,
        height=260,
        yaxis_title="KL, nats",
        xaxis=_dimensions(order),
        legend={"orientation": "h", "y": 1.15},
    )
    return figure


def how_many_clusters(table: pd.DataFrame) -> go.Figure:
    """The silhouette and the inertia over the number of clusters; columns as ``clusters.how_many`` gives them."""
    figure = make_subplots(1, 2, subplot_titles=("Silhouette (higher is better)", "Inertia (look for the bend)"))
    for column, name in enumerate(("silhouette", "inertia"), start=1):
        figure.add_scatter(
            x=table["k"], y=table[name], mode="lines+markers", line_color=ACTIVE, row=1, col=column, name=name
        )
    figure.update_layout(margin=MARGIN, height=280, showlegend=False)
    figure.update_xaxes(title_text="k")
    return figure


def code_bars(mu: np.ndarray, sigma: np.ndarray, kl: np.ndarray) -> go.Figure:
    """One code: its mean with one standard deviation either way, the dimensions in the order of their KL; all (D,)."""
    order = np.argsort(-kl)
    figure = go.Figure(
        go.Bar(
            x=list(range(len(mu))),
            y=mu[order],
            error_y={"array": sigma[order], "thickness": 1, "width": 2},
            customdata=order,
            marker_color=ACTIVE,
            hovertemplate="dimension %{customdata}: %{y:.2f}<extra></extra>",
        )
    )
    figure.update_layout(
        margin=MARGIN,
        height=220,
        yaxis_title="mean ± σ",
        xaxis=_dimensions(order),
    )
    return figure


def _dimensions(order: np.ndarray) -> dict[str, Any]:
    """An axis of latent dimensions in a given order."""
    return {"title": "dimension", "tickvals": list(range(len(order))), "ticktext": [str(d) for d in order]}
