"""Scores of a flow: those of its labels, if it has any, and what its samples are worth by the number of steps."""

from collections.abc import Iterator
from typing import Any, cast

import torch
from torch import Tensor

from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.data.pixels import drawn_to_uint8
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.metrics.scores import Request
from genmodels.metrics.scores.images import Critic
from genmodels.metrics.scores.labels import label_scores
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.transport import Transport
from genmodels.storage.progress import following

STEPS = {"euler": (1, 2, 5, 10, 20, 50), "heun": (2, 5, 10, 20)}
IMAGES = 500  # behind each of these FIDs, at most: enough to compare numbers of steps; it is higher than of more


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """See ``label_scores``; and ``fid_SAMPLER_STEPS`` for the samplers and steps of ``STEPS``, of ``fid_images`` samples of the same
    noise, against as many test images."""
    flow = cast(Transport, trained.family)
    scores = label_scores(trained, request) if flow.num_classes else {}
    n = min(IMAGES, request.generated)
    test = load.load_for(trained.config, "test").to(flow.device)
    real = test.batch(torch.arange(min(n, len(test))))[0]
    critic = Critic.of(trained.config, real)
    reasons = scores.pop("reasons", {})
    for sampler, counts in STEPS.items():
        for num_steps in counts:
            name = f"fid_{sampler}_{num_steps}"
            images = torch.cat([*_samples(flow, n, request.seed, sampler, num_steps)])
            scores[name] = critic.score(images, request.seed)["fid"]
            if scores[name] is None:
                reasons[name] = critic.why_none(n)
    return scores | {"fid_images": n, "reasons": reasons}


def _samples(flow: Transport, n: int, seed: int, sampler: str, num_steps: int) -> Iterator[Tensor]:
    """uint8 images, in batches, of all classes in turn."""
    noise, order = Noise(seed, flow.device), torch.arange(n, device=flow.device)
    for part in following(order.split(INFERENCE_BATCH), n, N_("{n} steps of {sampler}", n=num_steps, sampler=sampler)):
        labels = part % flow.num_classes if flow.num_classes else None
        z = flow.sample_latent(len(part), noise)
        yield drawn_to_uint8(flow.sample(len(part), z, labels, sampler=sampler, num_steps=num_steps))
