"""The curves beside the film of a training, with a mark at the moment where it stands."""

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import parse
from genmodels.ui.components.live_curves import live_curves
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_curves import score_panels
from genmodels.ui.training.panels import panels
from genmodels.ui.training.rows import rows_of

HEIGHT = 150  # of each, in pixels


def film_curves(entry: Entry, film: str, which: slice = slice(None)) -> None:
    """Draw the curves of a run or a pretrained model, or ``which`` of them, that follow the ``film`` of a ``film_player``."""
    if isinstance(entry, Pretrained):
        rows, token = entry.metrics(), entry.name
    else:
        rows, token = rows_of(entry), f"{entry.id}:{entry.attempt}"
    drawn = [*panels(parse(entry.config)), *score_panels(rows)][which]
    key = f"{film}:curves:{which.start}"
    live_curves(drawn, rows.rename(columns={"epoch": "x"}), key=key, reset_token=token, height=HEIGHT, follows=film)
