"""What one decoder draws of codes from the prior, from a flow in its latent space, and from real images, each with its FID."""

from typing import TYPE_CHECKING, cast

import numpy as np

from genmodels.export.report.sources import Source

if TYPE_CHECKING:
    from genmodels.metrics.scores.latent_flow import FromSource
    from genmodels.models.latent_flow import LatentFlow
    from genmodels.models.latent_flow import Source as CodeSource

# By the name of its FID in a card.
STORED: dict["CodeSource", str] = {"prior": "fid_prior", "flow": "fid", "posterior": "fid_posterior"}


def rows_of(model: Source, n: int) -> np.ndarray:
    """The first n images of each source in the order of ``STORED``, uint8 (3 n, C, H, W). Loads torch; raises ``UserError``."""
    import torch

    from genmodels.data.noise import Noise
    from genmodels.data.pixels import drawn_to_uint8

    images = model.test_images.images
    real = torch.from_numpy(images[np.arange(n) % len(images)])
    return np.concatenate([drawn_to_uint8(each.random_samples(real, Noise(0))).numpy() for each in _sources(model)])


def fids(model: Source) -> tuple[list[float | None], int]:
    """The FID of each source, and of how many images they are: as stored by the evaluation, else measured now on test images, by the
    pretrained classifier that knows these. None where none does, or the images are too few. Raises ``UserError``."""
    if all(name in model.scores for name in STORED.values()):
        return [model.scores[name] for name in STORED.values()], round(model.scores["samples"])
    import torch

    from genmodels.metrics.judge import judge_of
    from genmodels.metrics.side_by_side import Comparison

    comparison = Comparison(judge_of(model.config), torch.from_numpy(model.test_images.images))
    return [comparison.generated(each).scores["fid"] for each in _sources(model)], len(comparison.known)


def _sources(model: Source) -> list["FromSource"]:
    from genmodels.inference.load import load_model
    from genmodels.metrics.scores.latent_flow import FromSource

    flow = cast("LatentFlow", load_model(model.folder).family)
    return [FromSource(flow, source) for source in STORED]
