"""Plotly figures: data in, figure out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genmodels.language import FROM_THE_RIGHT, _, current
from genmodels.language.figures import in_digits
from genmodels.language.message import on_canvas

# Hues that can be told apart, and whose contrast is 3 and more on light and on dark paper: ten, then more for what has none of its own.
PALETTE = (
    *("#3a7bd5", "#d9700a", "#d83a45", "#149a94", "#3f9442", "#a88400", "#9c5fd0", "#e0559d", "#96694c", "#808080"),
    *("#6c7c32", "#da16ff", "#778aae", "#b2828d", "#fc0080", "#00a08b", "#1ca71c", "#2e91e5", "#eb663b", "#a777f1"),
)
ACTIVE, IDLE = "#3670c2", "#808080"  # white can be read on the first
INK = "#767676"  # of texts: 4.5 on light and on dark paper
TITLES, ROW = 120, 44  # pixels of height: what is around the rows of a figure, and each of them
DIGITS = "GenmodelsDigits"  # draws the Latin digits of plotly.js, which knows no others: language/typeface.py
_NUMBER = re.compile(r"%\{(?:[xyz]:[^}]*|z)\}")
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


def pseudo_html(text: str) -> str:
    """Text of others as plotly.js shows it, which takes some tags and entities in text for its own; `plain_text.js` escapes the same."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def training_curves(lines: Sequence[Line], unit: str, levels: Sequence[tuple[float, str]] = ()) -> go.Figure:
    """Curves over the epochs, with reference lines at ``levels``, as (height, label)."""
    figure = go.Figure()
    named: set[str] = set()
    for line in sorted(lines, key=lambda line: not line.pale):
        figure.add_scatter(
            x=line.x,
            y=line.y,
            mode="lines" if len(line.x) > 1 else "markers",  # a line of one point is invisible
            name=pseudo_html(line.label),
            legendgroup=pseudo_html(line.label),
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
    hovered = f"{_('epoch')} %{{x:.2f}}"
    figure.update_xaxes(title_text=_("epoch"), automargin=True, zeroline=False, unifiedhovertitle_text=hovered)
    return figure.update_yaxes(title_text=unit, automargin=True, zeroline=False)


def direct(figure: go.Figure) -> None:
    """Give the words of a figure, which is laid out from the left, the direction of the visitor's language, and its numbers the digits."""
    if current() not in FROM_THE_RIGHT:
        return
    for trace in figure.data:
        if trace.name:
            trace.name = on_canvas(trace.name)
        if trace.hovertemplate:
            trace.hovertemplate = on_canvas(_numerals(trace.hovertemplate))
    axes = [*figure.select_xaxes(), *figure.select_yaxes()]
    for axis in axes:
        if axis.type != "category":
            axis.tickfont.family = f"{DIGITS}, sans-serif"
        if axis.unifiedhovertitle.text:
            axis.unifiedhovertitle.text = on_canvas(_numerals(axis.unifiedhovertitle.text))
    for words in (*figure.select_annotations(), *(axis.title for axis in axes)):
        if words.text:
            words.text = on_canvas(words.text)


def _numerals(template: str) -> str:
    return _NUMBER.sub(rf'<span style="font-family: {DIGITS}, sans-serif">\g<0></span>', template)


def cluster_heat_map(counts: np.ndarray, clusters: Sequence[str], classes: Sequence[str]) -> go.Figure:
    """How many images of each class (columns) lie in each cluster (rows); counts: (clusters, classes)."""
    figure = _heat_map(counts, clusters, classes, _("%{y}, label %{x}: %{z} images"))
    return figure.update_xaxes(title_text=_("label"))


def confusion_heat_map(counts: np.ndarray, classes: Sequence[str]) -> go.Figure:
    """How often each class came out (columns) when each was asked for (rows); counts: (classes, classes)."""
    figure = _heat_map(counts, classes, classes, _("asked for %{y}, came out as %{x}: %{z} images"))
    figure.update_yaxes(title_text=_("asked for"))
    return figure.update_xaxes(title_text=_("came out"))


def _heat_map(counts: np.ndarray, rows: Sequence[str], columns: Sequence[str], hover: str) -> go.Figure:
    figure = go.Figure(
        go.Heatmap(
            z=counts,
            x=list(map(pseudo_html, columns)),
            y=list(map(pseudo_html, rows)),
            colorscale="Blues",
            text=[list(map(in_digits, row)) for row in counts.tolist()],
            texttemplate="%{text}",
            hovertemplate=f"{hover}<extra></extra>",
            showscale=False,
        )
    )
    lay_out(figure, TITLES + ROW * len(rows))
    figure.update_xaxes(type="category")
    return figure.update_yaxes(autorange="reversed", type="category")


def fidelity_bars(shares: np.ndarray, classes: Sequence[str], real: float | None) -> go.Figure:
    """How often each class came out when it was asked for, and a line at what real images reach, if that is known.

    shares: (classes,).
    """
    figure = go.Figure(
        go.Bar(
            x=shares,
            y=list(map(pseudo_html, classes)),
            orientation="h",
            marker_color=ACTIVE,
            text=[in_digits(share, ".1%") for share in shares],
            textposition="auto",
            insidetextanchor="start",
            textangle=0,
            hovertemplate="%{y}: %{x:.1%}<extra></extra>",
        )
    )
    if real is not None:
        above = {"annotation_yanchor": "bottom", "annotation_xanchor": "right", "annotation_text": _("real images")}
        figure.add_vline(real, line_dash="dot", line_color=IDLE, annotation_position="top", **above)
    lay_out(figure, TITLES + ROW * len(classes))
    figure.update_xaxes(range=[0, 1], tickformat=".0%", title_text=_("share of its images"))
    return figure.update_yaxes(autorange="reversed", type="category")


def kl_bars(kl: np.ndarray, active: np.ndarray) -> go.Figure:
    """The KL of each latent dimension in nats, the largest first; kl, active: (D,)."""
    order = np.argsort(-kl)
    figure = go.Figure()
    for name, colour, shown in ((_("active"), ACTIVE, active[order]), (_("not in use"), IDLE, ~active[order])):
        figure.add_bar(
            x=_names(order[shown]),
            y=kl[order][shown],
            name=f"{name} ({in_digits(shown.sum())})",
            marker_color=colour,
            hovertemplate=f"{_('dimension')} %{{x}}: %{{y:.3f}} {_('nats')}<extra></extra>",
        )
    lay_out(figure, 240)
    figure.update_layout(legend={"orientation": "h", "y": 1.2})
    figure.update_yaxes(title_text=_("KL, nats"))
    return _dimensions(figure, order)


def how_many_clusters(table: pd.DataFrame) -> go.Figure:
    """The silhouette and the inertia over the number of clusters; columns as ``clusters.how_many`` gives them."""
    figure = make_subplots(1, 2, subplot_titles=(_("Silhouette (higher is better)"), _("Inertia (look for the bend)")))
    for column, name in enumerate(("silhouette", "inertia"), start=1):
        figure.add_scatter(
            x=table["k"], y=table[name], mode="lines+markers", line_color=ACTIVE, row=1, col=column, name=name
        )
    lay_out(figure, 280)
    figure.update_layout(showlegend=False)
    return figure.update_xaxes(title_text="k")


def code_bars(mu: np.ndarray, sigma: np.ndarray, kl: np.ndarray) -> go.Figure:
    """One code: its mean with one standard deviation either way, the dimensions in the order of their KL; all (D,)."""
    order = np.argsort(-kl)
    figure = go.Figure(
        go.Bar(
            x=_names(order),
            y=mu[order],
            error_y={"array": sigma[order], "thickness": 1, "width": 2},
            marker_color=ACTIVE,
            hovertemplate=f"{_('dimension')} %{{x}}: %{{y:.2f}}<extra></extra>",
        )
    )
    lay_out(figure, 220)
    figure.update_yaxes(title_text=_("mean ± σ"))
    return _dimensions(figure, order)


def lay_out(figure: go.Figure, height: int) -> None:
    """What the figures on the pages have in common; Streamlit's own grey for the texts is too pale on light paper."""
    text = {"tickfont_color": INK, "title_font_color": INK}
    figure.update_layout(margin=MARGIN, height=height, font_color=INK, legend_font_color=INK)
    figure.update_xaxes(**text)
    figure.update_yaxes(**text)


def _dimensions(figure: go.Figure, order: np.ndarray) -> go.Figure:
    """The x axis is one of latent dimensions in a given order, as many of which are named as there is room for."""
    return figure.update_xaxes(
        title_text=_("dimension"), type="category", categoryorder="array", categoryarray=_names(order)
    )


def _names(dimensions: np.ndarray) -> list[str]:
    return list(map(in_digits, dimensions.tolist()))
