"""The curves beside the film of a training, with a mark at the moment where it stands."""

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import parse
from genmodels.ui.components.live_curves import live_curves
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_curves import score_panels
from genmodels.ui.training.rows import rows_of
from genmodels.ui.training.run_panel import panels

HEIGHT = 150  # of each, in pixels


def film_curves(entry: Entry, film: str, which: slice = slice(None)) -> None:
    """Draw the curves of a run or a pretrained model, or ``which`` of them, that follow the ``film`` of a ``film_player``."""
    pretrained = isinstance(entry, Pretrained)
    rows = entry.metrics() if pretrained else rows_of(entry)
    drawn = [*panels(parse(entry.config)), *score_panels(rows)][which]
    token = entry.name if pretrained else f"{entry.id}:{entry.attempt}"
    key = f"{film}:curves:{which.start}"
    live_curves(drawn, rows.rename(columns={"epoch": "x"}), key=key, reset_token=token, height=HEIGHT, follows=film)
