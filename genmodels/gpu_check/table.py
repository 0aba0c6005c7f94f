"""The rows of the check as lines of one table, and as strict JSON."""

import json
import math
from collections.abc import Sequence
from typing import Any

from genmodels.gpu_check.row import Figure, Row

WIDTHS = (15, 37, 7, 38, 22)
HEADER = ("point", "what", "state", "figure", "measured", "bound")


def header() -> str:
    return _line(*HEADER)


def lines(point: str, row: Row) -> list[str]:
    """A line for each figure, or one with the reason where there is none."""
    begin = (point, row.what, row.state)
    if reason := row.failed or row.skipped:
        return [_line(*begin, reason)]
    cells = [
        (name, _measured(figure), figure.bound if figure.holds else f"{figure.bound}: missed".lstrip(": "))
        for name, figure in row.figures.items()
    ]
    return [_line(*(begin if index == 0 else ("", "", "")), *each) for index, each in enumerate(cells)]


def as_json(environment: dict[str, Any], rows: Sequence[tuple[str, Row]]) -> str:
    """One object: the environment, and a list of rows; what is not finite is null."""
    listed = [
        {
            "point": point,
            "what": row.what,
            "state": row.state,
            "reason": row.failed or row.skipped or None,
            "figures": {name: _plain(figure) for name, figure in row.figures.items()},
        }
        for point, row in rows
    ]
    return json.dumps(environment | {"rows": listed}, indent=2, allow_nan=False)


def _line(*cells: str) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, (*WIDTHS, 0), strict=False)).rstrip()


def _measured(figure: Figure) -> str:
    number = f"{figure.value:,.0f}" if 1000 <= abs(figure.value) < math.inf else f"{figure.value:.4g}"
    return f"{number} {figure.unit}".rstrip()


def _plain(figure: Figure) -> dict[str, Any]:
    numbers = {"value": figure.value, "least": figure.least, "most": figure.most}
    return {"unit": figure.unit} | {name: each if math.isfinite(each) else None for name, each in numbers.items()}
