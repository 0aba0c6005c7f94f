"""Trained models and codes for the pages, each loaded once for all visitors. Torch comes with the first of them."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import streamlit as st

from genmodels.checkpoints.integrity import BEST, NEWEST, steps
from genmodels.checkpoints.pretrained import Pretrained
from genmodels.data.folder_check import require_shown
from genmodels.errors import DataError, UserError
from genmodels.language import N_, _
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.runs.run import CONFIG, GONE
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared
from genmodels.ui.session import get_store
from genmodels.ui.widgets.progress import working
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.inference.restore import Trained, Weights

Identity = tuple[str, int | None, int]  # folder, step, and when the run's config came there
MODELS_BYTES, CODES_BYTES = 2**30, 2**29  # kept in memory: some sixty GANs of 28 x 28 pixels, and as many sets of codes
SAMPLES_BYTES = 2**25  # likewise: five hundred times 64 images of 28 x 28 pixels
NONE_YET = N_("This run has no checkpoint yet: let it train for an epoch under *Train*, or choose another one above.")


def folder(entry: Entry) -> Path:
    """Where the weights of a run or a pretrained model are."""
    return entry.folder if isinstance(entry, Pretrained) else get_store().folder(entry.id)


def step(entry: Entry, kind: str = NEWEST) -> int | None:
    """The step of its newest weights, or of its ``BEST``, or None when there are none yet."""
    if isinstance(entry, Pretrained):
        return int(entry.card.get("step", 0)) if kind == NEWEST else None
    return max(steps(folder(entry) / kind), default=None)


def identity(entry: Entry, kind: str = NEWEST) -> Identity:
    """What caches know weights by: no others have the same, also not those of a run that was deleted and whose id a zip brings
    again. Raises ``UserError`` for a run that is gone."""
    path = folder(entry)
    try:
        return str(path), step(entry, kind), (path / CONFIG).stat().st_mtime_ns
    except FileNotFoundError as error:
        raise UserError(GONE) from error


def ready(entry: Entry) -> bool:
    """Whether ``model`` can load it; if not, one sentence says why."""
    try:
        _folder, newest, _since = identity(entry)
        if newest is None:
            st.info(_(NONE_YET))
            return False
        model(entry)
    except UserError as error:
        st.error(plain(error))
        return False
    return True


def model(entry: Entry, weights: "Weights" = "averaged") -> "Trained":
    """The model on the CPU, with the ``weights`` that ``load_model`` takes; raises ``UserError``, also for a run that was deleted."""
    return _load(identity(entry, BEST if weights == "best" else NEWEST), weights)


def codes(entry: Entry, split: Literal["train", "test"], n: int) -> Codes:
    """The codes of the first ``n`` images of the entry's own data; from disk, without torch, where they are there.

    Raises ``LoadError``, and ``DataError`` where the data cannot be had or may not be shown, or there are none.
    """
    require_shown(entry.config)
    kept = _kept(entry, split, n)
    if (
        kept is None
        and split == "test"
        and n < latent_codes.STORED_IMAGES
        and (larger := _kept(entry, split, latent_codes.STORED_IMAGES)) is not None
    ):
        kept = larger.first(n, codes_folder(entry, split, n))
        with suppress(OSError):  # a full disk, which one may look at
            kept.save()
    elif kept is None:
        with st.spinner(_("Encoding up to {n:,} images…", n=n)), working():
            kept = _encode(entry, split, n)
    if not len(kept):
        raise DataError(
            N_("{name} has codes of no {split} images: choose another model.", name=entry.name, split=N_(split))
        )
    return kept


def _kept(entry: Entry, split: Literal["train", "test"], n: int) -> Codes | None:
    try:
        return _read(str(codes_folder(entry, split, n)), identity(entry), entry)
    except FileNotFoundError:
        return None


def codes_folder(entry: Entry, split: Literal["train", "test"], n: int) -> Path:
    return latent_codes.folder_of(folder(entry), step(entry) or 0, split, n)


def generate(entry: Entry, z: np.ndarray, weights: "Weights" = "averaged", **conditions: np.ndarray) -> np.ndarray:
    """The images of codes or noise (N, D), uint8 (N, C, H, W), by the weights that ``model`` gives; raises ``LoadError``.

    ``conditions``: the ``labels`` and ``codes`` that the family's ``sample`` takes.
    """
    import torch

    from genmodels.data.pixels import drawn_to_uint8

    tensors = {name: torch.from_numpy(array) for name, array in {"z": z, **conditions}.items()}
    single = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()}
    return drawn_to_uint8(model(entry, weights).family.sample(len(z), **single)).numpy()


def samples(entry: Entry, n: int) -> np.ndarray:
    """n images as in training, of always the same noise, uint8 (n, C, H, W), for families that are not conditioned on real ones;
    raises ``LoadError``."""
    return _samples(identity(entry), n, entry)


@shared(SAMPLES_BYTES, lambda images: images.nbytes, key=lambda which, n, entry: (which, n))
def _samples(which: Identity, n: int, entry: Entry) -> np.ndarray:
    import torch

    from genmodels.data.noise import Noise
    from genmodels.metrics.scores.images import generate

    family, config = model(entry).family, entry.config
    unseen = torch.zeros(n, config["channels"], config["image_size"], config["image_size"], dtype=torch.uint8)
    return generate(family, unseen, n, Noise(0, family.device), without_nan=False).numpy()


def encode(entry: Entry, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means and log-variances of q(z|x), both (N, D), of uint8 images (N, C, H, W); raises ``LoadError``."""
    import torch

    vae: Any = model(entry).family
    mu, logvar = vae.encode(torch.from_numpy(images))
    return mu.numpy(), logvar.numpy()


def prior_codes(entry: Entry, n: int, seed: int) -> np.ndarray:
    """Codes z ~ p(z) of a VAE, (n, D); raises ``LoadError``."""
    from genmodels.data.noise import Noise

    vae: Any = model(entry).family
    return vae.random_codes(n, Noise(seed)).numpy()


def read_codes(entry: Entry, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What an InfoGAN's Q says of uint8 images (N, C, H, W), see ``InfoGAN.read``: (N, K) and (N, C); raises ``LoadError``."""
    from genmodels.latent.encode import read_codes

    infogan: Any = model(entry).family
    return read_codes(infogan, images)


def _encode(entry: Entry, split: Literal["train", "test"], n: int) -> Codes:
    from genmodels.latent.encode import encode

    try:
        return encode(model(entry), split, n)
    except DataError as error:
        if _kept(entry, "test", latent_codes.STORED_IMAGES) is None:
            raise
        raise DataError(
            _(
                "{reason}: choose at most {n:,} test images, which a finished model keeps itself.",
                reason=_(error).partition(":")[0],
                n=latent_codes.STORED_IMAGES,
            )
        ) from error


@shared(CODES_BYTES, lambda codes: codes.nbytes, key=lambda place, which, entry: (place, which))
def _read(place: str, which: Identity, entry: Entry) -> Codes:
    """Raises ``FileNotFoundError`` where there are none: they may come."""
    found = latent_codes.load(Path(place), entry.config)
    if found is None:
        raise FileNotFoundError(place)
    return found


@shared(MODELS_BYTES, lambda model: sum(tensor.nbytes for tensor in model.family.tensors().values()))
def _load(which: Identity, weights: "Weights") -> "Trained":
    from genmodels.inference.load import load_model

    with st.spinner(_("Loading the model…")):
        return load_model(which[0], weights=weights)
