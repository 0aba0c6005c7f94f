"""Scores of a flow in a latent space: those of a flow, and what the same decoder draws of codes from elsewhere."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import torch
from torch import Tensor

from genmodels.data import load
from genmodels.data.noise import Noise
from genmodels.inference.restore import Trained
from genmodels.metrics.scores import Request, flow
from genmodels.metrics.scores.images import Critic, generate
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.latent_flow import LatentFlow, Source

OTHERS: tuple[Source, ...] = ("prior", "posterior")
TURNS = 3  # of which the fastest counts


@dataclass(frozen=True)
class FromSource:
    """Draws images of codes from one source, with ``options`` for the flow, see ``LatentFlow.drawn``."""

    family: LatentFlow
    source: Source
    options: Mapping[str, Any] = field(default_factory=dict)

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        return self.family.drawn(self.source, real, noise, **self.options)


def score(trained: Trained, request: Request) -> dict[str, Any]:
    """See ``flow.score``; and ``fid_prior`` and ``fid_posterior`` of as many images as ``fid`` is of, by the same decoder, of codes
    from its prior and from q(z|x) of the test images themselves; ``sample_ms`` and ``decoder_ms``: milliseconds for one image of
    500, with the flow and by the decoder alone, the fastest of three turns."""
    family = cast(LatentFlow, trained.family)
    test = load.load_for(trained.config, "test").to(family.device)
    real = test.batch(torch.arange(min(request.generated, len(test))))[0]
    critic, seed = Critic.of(trained.config, real), request.seed
    scores = flow.score(trained, request)
    for source in OTHERS:
        name = f"fid_{source}"
        images = generate(FromSource(family, source), real, request.generated, Noise(seed, family.device))
        scores[name] = critic.score(images, seed)["fid"]
        if scores[name] is None:
            scores["reasons"][name] = critic.why_none(len(images))
    return scores | {"sample_ms": _milliseconds(family, "flow"), "decoder_ms": _milliseconds(family, "prior")}


def _milliseconds(family: LatentFlow, source: Source) -> float:
    noise, turns = Noise(0, family.device), []
    nothing = torch.empty(INFERENCE_BATCH, 0, device=family.device)
    for _ in range(1 + TURNS):  # the first waits for memory
        start = time.perf_counter()
        family.drawn(source, nothing, noise).sum().item()
        turns.append(time.perf_counter() - start)
    return 1000 * min(turns[1:]) / INFERENCE_BATCH
