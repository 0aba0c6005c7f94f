"""The drawings of a report: data in, ``Picture`` out, in the light theme, as SVG and at 300 dots an inch. No browser is needed.

Without ``pyplot``, whose state would be shared by the threads of a server. All numbers of a drawing are in the digits of the language.
"""

import io
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text
from matplotlib.ticker import ScalarFormatter
from PIL import Image

from genmodels.config.loss_curves import LOSS_CURVES
from genmodels.config.objectives import OBJECTIVES
from genmodels.export.figures import IDLE, PALETTE, Line
from genmodels.export.report.document import Picture
from genmodels.language import FROM_THE_RIGHT, _, current
from genmodels.language.figures import in_digits, localised
from genmodels.language.message import RIGHT
from genmodels.storage.image_grid import enlarged

DPI = 300
WIDE, NARROW = 6.3, 3.1  # inches: the width of the text on A4, and about half of it
LOGITS = np.linspace(-4, 4, 161)
MOST_PIXELS = round(WIDE * DPI)
LONGEST = 40  # characters of a name in a drawing
MINUS = "\u2212"  # as matplotlib writes it, in place of Python's

mpl.rcParams["svg.hashsalt"] = "genmodels"  # else the names within an SVG are drawn by chance


def curves(
    lines: Sequence[Line], unit: str, levels: Sequence[tuple[float, str]] = (), *, wordless: bool = False
) -> Picture:
    """Curves over the epochs, with dotted lines at ``levels``, as (height, label); ``wordless``: with numbers alone, for a page
    that says around it what they are."""
    drawing, axes = _axes(WIDE, 2.7)
    told: set[str] = set()
    for line in sorted(lines, key=lambda line: not line.pale):
        label = None if line.pale or line.label in told else line.label
        told |= {line.label} if label else set()
        axes.plot(
            line.x, line.y, color=line.colour, alpha=0.3 if line.pale else 1, label=label, linewidth=1.3,
            linestyle="--" if line.dash else "-", marker="" if len(line.x) > 1 else "o",
        )  # fmt: skip
    for height, label in levels:
        axes.axhline(height, color=IDLE, linestyle=":", linewidth=0.9)
        if not wordless:
            where = ("axes fraction", "data")
            axes.annotate(label, (0.995, height), xycoords=where, ha="right", va="bottom", fontsize=7)
    if not wordless:
        axes.set(xlabel=_("epoch"), ylabel=unit)
        if len(told) > 1:
            axes.legend(frameon=False, fontsize=8)
    return _picture(drawing)


def scatter(points: np.ndarray, groups: np.ndarray, names: Sequence[str], colours: Sequence[str]) -> Picture:
    """Points (N, 2) of a map, each in the colour of its group: integers (N,), an index of ``names``."""
    drawing, axes = _axes(WIDE, 3.8)
    for index, (name, colour) in enumerate(zip(names, colours, strict=True)):
        own = points[groups == index]
        if len(own):
            axes.scatter(own[:, 0], own[:, 1], s=5, color=colour, label=name, linewidths=0)
    axes.set(xticks=[], yticks=[])
    axes.set_aspect("equal", adjustable="datalim")
    axes.legend(frameon=False, fontsize=8, markerscale=2.5, loc="center left", bbox_to_anchor=(1, 0.5))
    return _picture(drawing)


def counts(values: np.ndarray, rows: Sequence[str], columns: Sequence[str]) -> Picture:
    """A heat map with its numbers: how many of each row (R) fall to each column (C); (R, C)."""
    drawing, axes = _axes(WIDE, 1.0 + 0.28 * len(rows))
    axes.imshow(values, cmap="Blues", aspect="auto")
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    if values.size <= 400:  # else none could be read
        for (row, column), value in np.ndenumerate(values):
            ink = "white" if value > values.max() / 2 else "black"
            axes.text(column, row, in_digits(value), ha="center", va="center", fontsize=7, color=ink)
    return _picture(drawing)


def logit_curves(names: Sequence[str]) -> Picture:
    """What one image adds to each loss of some objectives: real and fake to the discriminator's, fake to the generator's."""
    drawing = Drawing(figsize=(WIDE, 2.7), layout="constrained")
    titles = {"real": _("D, real image"), "fake": _("D, fake image"), "generator": _("G, fake image")}
    for axes, (part, title) in zip(drawing.subplots(1, 3, sharey=True), titles.items(), strict=True):
        for name, colour in zip(names, PALETTE, strict=False):
            axes.plot(LOGITS, getattr(LOSS_CURVES[name], part)(LOGITS), color=colour, label=_(OBJECTIVES[name].title))
        _plain(axes)
        axes.set(title=title, xlabel=_("logit"), ylim=(-4.2, 5.2))
    handles, labels = axes.get_legend_handles_labels()
    drawing.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    return _picture(drawing)


def image(picture: Image.Image, width: float = 0.7) -> Picture:
    """A grid of images with every pixel as a square of whole dots; ``width``: the share of the text's width that it gets."""
    scale = max(1, round(width * MOST_PIXELS / picture.width))
    buffer = io.BytesIO()
    enlarged(picture, scale).save(buffer, format="png", optimize=True)
    return Picture(buffer.getvalue(), width=width)


class _Ticks(ScalarFormatter):
    """Numbers on an axis, in the digits of the language."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return localised(super().__call__(x, pos).replace(MINUS, "-"), current())

    def get_offset(self) -> str:
        return localised(super().get_offset().replace(MINUS, "-"), current())


def _axes(width: float, height: float) -> tuple[Drawing, Axes]:
    drawing = Drawing(figsize=(width, height), layout="constrained")
    axes = drawing.subplots()
    _plain(axes)
    return drawing, axes


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_Ticks(useOffset=False))
    axes.grid(alpha=0.25, linewidth=0.5)
    axes.set_axisbelow(True)


def _picture(drawing: Drawing) -> Picture:
    for text in drawing.findobj(Text):
        text.set_parse_math(False)  # the name of a class or a run is no formula, whatever is in it
        if len(shown := text.get_text()) > LONGEST:
            text.set_text(f"{shown[: LONGEST - 1]}…")
        if current() in FROM_THE_RIGHT and not text.get_text().isascii():  # also where a Latin letter comes first
            text.set_text(f"{RIGHT}{text.get_text()}")
    svg, png = io.BytesIO(), io.BytesIO()
    # Without a date, so that the same data give the same file; letters as outlines, so that no font is needed.
    drawing.savefig(svg, format="svg", metadata={"Date": None})
    drawing.savefig(png, format="png", dpi=DPI)
    return Picture(png.getvalue(), svg.getvalue(), drawing.get_figwidth() / WIDE)
