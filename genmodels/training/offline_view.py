"""What a finished run leaves in its folder, beside curves and pictures, so that it can be looked at without its data."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch

from genmodels.checkpoints import test_images
from genmodels.data.dataset import Dataset
from genmodels.latent import codes
from genmodels.latent.encode import encode_set
from genmodels.models.base import Family

if TYPE_CHECKING:
    from genmodels.models.vae import VAE


def keep(family: Family, test_set: Dataset, folder: Path, step: int) -> None:
    """Save in the run's ``folder`` the codes of test images where ``family`` encodes images, or else those that it may be
    compared with where it generates any. Raises ``OSError``."""
    if family.encodes:
        kept = codes.folder_of(folder, step, "test", codes.STORED_IMAGES)
        encode_set(cast("VAE", family), test_set, codes.STORED_IMAGES, kept).save()
    elif family.generates:
        images, labels = test_set.batch(torch.arange(min(test_images.STORED_IMAGES, len(test_set))))
        labelled = None if labels is None else labels.cpu().numpy()
        test_images.save(folder, test_images.Images(images.cpu().numpy(), labelled, test_set.classes))
