"""The codes of test images that a run keeps while it trains, so that its latent space can be seen to grow."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor

from genmodels.checkpoints import code_history
from genmodels.config.base import RunConfig
from genmodels.config.families import VAEConfig
from genmodels.data.dataset import Dataset
from genmodels.models.base import Family

if TYPE_CHECKING:
    from genmodels.data.transfer import HostCopy
    from genmodels.models.vae import VAE

SHARE = 0.01  # of the time that training takes, which "auto" spends on it at most
COST = 0.1  # the time in which an image is encoded, over that in which one is trained on: measured on CPUs; on a GPU it is less
BATCH = 125  # images that are encoded at a time


def distance(config: RunConfig, preview_steps: int, total_steps: int, batch_size: int) -> int:
    """Steps from one moment at which codes are kept to the next, a multiple of the ``preview_steps`` between two previews; 0 where
    none are kept."""
    if not isinstance(config, VAEConfig) or config.code_history == "off" or not config.preview_every:
        return 0
    least = total_steps / code_history.most_moments(config.latent_dim)
    if config.code_history == "auto":
        least = max(least, code_history.IMAGES * COST / SHARE / batch_size)
    return preview_steps * max(1, math.ceil(least / preview_steps))


def encoded(family: Family, test_set: Dataset) -> Tensor:
    """The means (N, D) of q(z|x) of the first test images, in half precision, by the averaged network, which stays as it is."""
    images, _ = test_set.batch(torch.arange(min(code_history.IMAGES, len(test_set))))
    vae = cast("VAE", family)
    return torch.cat([vae.encode(part)[0] for part in images.split(BATCH)]).half()


def keep(folder: Path, step: int, copy: "HostCopy") -> None:
    """Write them, once they have come from the device, into the run's folder."""
    code_history.save(folder, step, copy.wait()["mu"].numpy())
