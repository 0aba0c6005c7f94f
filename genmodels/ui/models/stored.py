"""What is stored of a model, so that it is shown without being loaded: its newest samples, and the scores of its own evaluation."""

from dataclasses import replace
from pathlib import Path

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.base import MONITORED
from genmodels.language import N_, _
from genmodels.storage.image_grid import newest
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.scores import ShownScore, scores_of, shown_score
from genmodels.ui.session import get_store

FIRST = ("fid", "precision", "recall")  # told beside samples
FID_HELP = N_("Of the {n} samples that training evaluates; lower is better.", n=MONITORED)


def stored_samples(entry: Entry) -> Path | None:
    """The newest picture of its samples; None before there is one."""
    if isinstance(entry, Pretrained):
        return entry.picture("samples")
    return newest(get_store().folder(entry.id) / "pictures").get("samples")


def stored_scores(entry: Entry) -> list[ShownScore]:
    """Those of ``FIRST`` that were measured: by the evaluation of a pretrained model, or while a run trained."""
    if isinstance(entry, Pretrained):
        return [score for score in scores_of(entry) if score.name in FIRST]
    last = get_store().last_metrics(entry.id)
    if "score/fid" not in last:
        return []
    ends = last.get("score/fid_floor"), last.get("score/fid_noise")
    return [replace(shown_score("fid", last["score/fid"], *ends, images=MONITORED), help=_(FID_HELP))]
