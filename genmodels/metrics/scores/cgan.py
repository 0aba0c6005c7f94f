"""Scores of a conditional GAN: those of its labels, if it has any."""

from typing import Any, cast

from genmodels.inference.restore import Trained
from genmodels.metrics.scores import Request
from genmodels.metrics.scores.labels import label_scores
from genmodels.models.cgan import CGAN


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """See ``label_scores``; nothing of one that completes pictures."""
    return {} if cast(CGAN, trained.family).completes else label_scores(trained, request)
