"""Have a trained VAE encode the images of its own data, and an InfoGAN read the codes of images."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np
import torch

from genmodels.checkpoints import test_images
from genmodels.checkpoints.test_images import STORED_IMAGES
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.pixels import drawn_to_uint8
from genmodels.errors import DataError
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.models.base import INFERENCE_BATCH
from genmodels.storage.arrays import moderate
from genmodels.storage.progress import following

if TYPE_CHECKING:
    from genmodels.models.infogan import InfoGAN
    from genmodels.models.vae import VAE


def encode(trained: Trained, split: Literal["train", "test"], n: int) -> Codes:
    """The codes of the first ``n`` images of a split, or of all when there are fewer; from disk if they are there already, else of
    the test images that the model's folder keeps, if they are enough, or of the run's data.

    Raises ``DataError``. A disk that is full keeps nothing; that they are lost then costs time alone.
    """
    found = without_data(trained, split, n)
    return _encoded(trained, load.load_for(trained.config, split), split, n) if found is None else found


def without_data(trained: Trained, split: Literal["train", "test"], n: int) -> Codes | None:
    """The same as far as the model's folder has them, or the images that they are of; else None."""
    folder = latent_codes.folder_of(trained.folder, trained.step, split, n)
    found = latent_codes.load(folder, trained.config.model_dump())
    if found is None and split == "test" and n <= STORED_IMAGES and (images := _kept_images(trained)) is not None:
        return _encoded(trained, images, split, n)
    return found


def _encoded(trained: Trained, images: Dataset, split: Literal["train", "test"], n: int) -> Codes:
    folder = latent_codes.folder_of(trained.folder, trained.step, split, n)
    codes = encode_set(cast("VAE", trained.family), images, n, folder)
    if not (moderate(codes.mu) and moderate(codes.errors)):
        raise DataError(
            N_(
                "The codes of {name} are beyond all bounds, or no numbers: choose another run.",
                name=trained.folder.name,
            )
        )
    with suppress(OSError):
        codes.save()
    return codes


def _kept_images(trained: Trained) -> Dataset | None:
    """The test images in the folder of a pretrained model, which has no codes of them; None where there are none."""
    kept = test_images.load(trained.folder, trained.config.model_dump())
    if kept is None:
        return None
    labels = None if kept.labels is None else torch.from_numpy(kept.labels)
    return Dataset(torch.from_numpy(kept.images), labels, kept.classes)


def encode_set(vae: "VAE", images: Dataset, n: int, folder: Path) -> Codes:
    """The codes of the first ``n`` images, to be saved in ``folder``; those that earlier weights made are removed beside it."""
    n = min(n, len(images))
    parts: list[tuple[torch.Tensor, ...]] = []
    for indices in following(torch.arange(n).split(INFERENCE_BATCH), n, N_("encoding")):
        batch = images.batch(indices)[0]
        means, spreads = vae.encode(batch)
        decoded, nats = vae.reconstruct(means, batch)
        parts.append((batch, drawn_to_uint8(decoded), means, spreads, nats))
    pictures, reconstructions, mu, logvar, errors = (torch.cat(part).cpu().numpy() for part in zip(*parts, strict=True))
    labels = None if images.labels is None else images.labels[:n].cpu().numpy()
    codes = Codes(folder, pictures, reconstructions, labels, images.classes, mu, logvar, errors)
    for outdated in folder.parent.glob("step-*"):
        if outdated.name.split("-")[1] != folder.name.split("-")[1]:
            shutil.rmtree(outdated, ignore_errors=True)
    return codes


def read_codes(infogan: "InfoGAN", images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What an InfoGAN's Q says of uint8 images (N, C, H, W), see ``InfoGAN.read``: (N, K) and (N, C)."""
    parts = following(torch.from_numpy(images).split(INFERENCE_BATCH), len(images), N_("reading codes"))
    probabilities, means = (torch.cat(of).numpy() for of in zip(*map(infogan.read, parts), strict=True))
    return probabilities, means
