"""Scores of an InfoGAN: what its categories have to do with the classes."""

from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F

from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import drawn_to_uint8
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.latent.clusters import cluster_accuracy
from genmodels.metrics.scores import Request
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.infogan import InfoGAN


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """``code_accuracy``: real test images whose category, as Q reads it, is the one that matches their label best, each
    category matched to one label; None without labels. ``categorical_bound``: on generated images, in nats.
    """
    infogan = cast(InfoGAN, trained.family)
    test = load.load_for(trained.config, "test").to(infogan.device)
    read = torch.cat(
        [infogan.read(test.batch(i)[0])[0].argmax(1) for i in torch.arange(len(test)).split(INFERENCE_BATCH)]
    )
    accuracy = None
    if test.labels is not None:
        accuracy = cluster_accuracy(read.cpu().numpy(), test.labels.cpu().numpy())
    why = {} if accuracy is not None else {"code_accuracy": N_("the images have no labels")}
    bound = information(infogan, request.generated, request.seed)
    return {"code_accuracy": accuracy, "categorical_bound": bound, "reasons": why}


def information(infogan: InfoGAN, n: int, seed: int) -> float:
    """The lower bound of the information that an image has of its category, in nats, over ``n`` generated images."""
    noise, total = Noise(seed, infogan.device), 0.0
    for part in torch.arange(n).split(INFERENCE_BATCH):
        z = infogan.sample_latent(len(part), noise)
        drawn = infogan.categories(z)
        found, _ = infogan.read(drawn_to_uint8(infogan.generate(z)))
        total += F.nll_loss(found.clamp_min(1e-12).log(), drawn, reduction="sum").item()
    return float(np.log(infogan.config.categories)) - total / n
