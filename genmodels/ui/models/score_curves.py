"""The curves of the looks that training takes at its samples."""

import pandas as pd

from genmodels.config.base import MONITORED
from genmodels.language import N_
from genmodels.ui.components.live_curves import Panel, Series

FID = (
    Series("score/fid", N_("samples"), N_("Fréchet distance of these samples from test images, in the features of the pretrained classifier; less is better.")),
    Series("score/fid_floor", N_("real images"), N_("The same of real training images: no generator can be expected to do better."), "gray", dash=True),
)  # fmt: skip
LIKENESS = (
    Series("score/diversity", N_("diversity"), N_("Mean distance of two samples, over that of two real images."), "blue"),
    Series("score/variants", N_("variants"), N_("Distance of a sample to the one most like it, over that of real images; copies have 0."), "orange"),
    Series("score/roughness", N_("roughness"), N_("How much neighbouring pixels differ, over real images; noise has several times as much."), "red"),
    Series("score/confident_share", N_("p > 0.9"), N_("Samples to which the pretrained classifier gives a class with a probability above 0.9."), "green"),
)  # fmt: skip


def score_panels(rows: pd.DataFrame) -> list[Panel]:
    """The charts of what ``sample_monitor.SampleMonitor.evaluate`` measured, as far as ``rows`` (name, …) have it."""
    found = set(rows["name"].unique())
    panels = []
    if FID[0].name in found:
        panels.append(Panel(N_("FID of {n:,} samples", n=MONITORED), N_("distance, logarithmic"), FID, log=True))
    if LIKENESS[0].name in found:
        series = tuple(curve for curve in LIKENESS if curve.name in found)
        panels.append(
            Panel(N_("Samples beside real images"), N_("ratio or share"), series, lines=((1.0, N_("real images")),))
        )
    return panels
