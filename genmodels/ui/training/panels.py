"""The charts of a run's curves."""

from itertools import cycle, groupby

from genmodels.config.base import Curve, RunConfig
from genmodels.config.splits import held_out
from genmodels.language import N_, _, listed
from genmodels.ui.components.live_curves import Colour, Panel, Series

SPLITS = (N_("train"), N_("validation"), N_("test"))
HUES: tuple[Colour, ...] = ("blue", "orange", "green", "violet", "red", "yellow")


def panels(config: RunConfig) -> list[Panel]:
    """The charts of a run: one hue a curve, solid for training, dashed for held-out images."""
    splits = dict.fromkeys(("train", held_out(config.model_dump()), "test"))
    hues = {curve.name: hue for curve, hue in zip(config.drawn(), cycle(HUES), strict=False)}
    charts = []
    for title, curves in groupby(config.drawn(), key=lambda curve: curve.panel):
        drawn = list(curves)
        series = tuple(
            Series(f"{split}/{curve.name}", _legend(curve, split, len(drawn)),
                   curve.help if split == "train" else "", hues[curve.name], dash=split != "train")
            for curve in drawn
            for split in (splits if curve.test else ("train",))
        )  # fmt: skip
        charts.append(Panel(title, drawn[0].unit, series, lines=config.lines().get(title, ())))
    return charts


def _legend(curve: Curve, split: str, in_panel: int) -> str:
    if not curve.test:
        return curve.label
    return split if in_panel == 1 else listed([_(curve.label), _(split)])
