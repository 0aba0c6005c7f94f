"""The curves of a page: each panel one drawing without words, around which the page says what it shows in the reader's language."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from genmodels.export.report import plots
from genmodels.export.report.contents import panel_of
from genmodels.export.report.sources import Source
from genmodels.language import speaking
from genmodels.language.languages import ENGLISH


@dataclass(frozen=True)
class Curves:
    """picture: as an address that holds it; legend: (colour, label), where there are several; levels: labels of the dotted lines.

    All texts are messages, to be told in each language.
    """

    panel: str
    unit: str
    picture: str
    legend: list[tuple[str, str]]
    levels: list[str]


def curves_of(source: Source) -> Iterator[Curves]:
    """Those that a model has, in their order."""
    for title in dict.fromkeys(curve.panel for curve in source.config.drawn()):
        if panel := panel_of(source, title):
            with speaking(ENGLISH):  # one picture for a page in every language has the digits that all can read
                drawn = plots.curves(panel.lines, panel.unit, panel.levels, wordless=True).svg
            assert drawn is not None
            address = f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"
            colours = {line.label: line.colour for line in panel.lines}
            legend = [(colour, label) for label, colour in colours.items()] if len(colours) > 1 else []
            yield Curves(title, panel.unit, address, legend, [label for _height, label in panel.levels])
