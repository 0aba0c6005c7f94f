"""Scores of a classifier on held-out images."""

from typing import Any, cast

import torch

from genmodels.data import load
from genmodels.inference.restore import Trained
from genmodels.metrics import judge
from genmodels.metrics.scores import Request
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.classifier import Classifier


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """``accuracy`` on test images, and ``confident_share``: how many it calls with a probability above 0.9."""
    classifier = cast(Classifier, trained.family)
    test = load.load_for(trained.config, "test").ordered(trained.classes).to(classifier.device)
    n = min(request.samples or len(test), len(test))
    assert test.labels is not None
    found = torch.cat(
        [judge.probabilities(classifier, test.batch(i)[0]) for i in torch.arange(n).split(INFERENCE_BATCH)]
    )
    return {
        "samples": n,
        "accuracy": (found.argmax(1) == test.labels[:n]).cpu().double().mean().item(),
        "confident_share": judge.confident_share(found),
    }
