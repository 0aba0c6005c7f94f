"""The rows of a stored curve as lines of a chart: smoothed, thinned, and short of label."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genmodels.export.figures import Line
from genmodels.runs.smoothing import smooth, thin

if TYPE_CHECKING:
    import pandas as pd

LONGEST_LABEL = 60  # characters in a legend


def curve_lines(
    rows: "pd.DataFrame", name: str, label: str, colour: str, smoothing: float, limit: int
) -> Iterator[Line]:
    """One of ``rows`` (name, step, epoch, value), by its name in the store, as at most ``limit`` points; dashed on held-out images.

    smoothing: weight of the moving average (see ``smooth``), which is drawn over the values as measured, in pale.
    """
    half = LONGEST_LABEL // 2
    short = (
        label if len(label) <= LONGEST_LABEL else f"{label[:half]}…{label[-half:]}"
    )  # names often differ at their end
    own = rows[rows["name"] == name]
    kept = thin(own["value"].to_numpy(float), limit)
    for values, pale in ((own["value"], True), (smooth(own["value"], smoothing), False)):
        if len(own) and (smoothing or not pale):
            yield Line(
                short,
                own["epoch"].to_numpy("float32")[kept],
                values.to_numpy("float32")[kept],
                colour,
                dash=name.startswith(("test/", "validation/")),
                pale=pale,
            )
