"""What an encoder made of a set of images, kept on disk so that it is computed once. Free of torch."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from genmodels.config.families import ACTIVE_VARIANCE
from genmodels.storage import arrays
from genmodels.storage.arrays import IMAGES, Form
from genmodels.storage.files import replacing
from genmodels.storage.paths import home

FILE = "codes.npz"
MAP = "map.npy"  # of the codes, in a folder beside them
FORMS = {
    "images": IMAGES,
    "reconstructions": IMAGES,
    "mu": Form(np.float32, "ND"),
    "logvar": Form(np.float32, "ND"),
    "errors": Form(np.float32, "N"),
}
STORED_IMAGES = 2000  # test images whose codes a finished run keeps, to be looked at without its data


@dataclass(frozen=True)
class Codes:
    """images, reconstructions: uint8 (N, C, H, W); labels: int64 (N,) or None; mu, logvar: float32 (N, D).

    errors: float32 (N,), the reconstruction term of each image in nats; ``folder``: where they, and maps of them, are kept.
    """

    folder: Path
    images: np.ndarray
    reconstructions: np.ndarray
    labels: np.ndarray | None
    classes: tuple[str, ...]
    mu: np.ndarray
    logvar: np.ndarray
    errors: np.ndarray

    def __len__(self) -> int:
        return len(self.mu)

    @property
    def nbytes(self) -> int:
        """What they take in memory."""
        return sum(getattr(self, name).nbytes for name in FORMS)

    @property
    def kl(self) -> np.ndarray:
        """KL(q(z_i|x) || N(0, 1)) of each dimension in nats, the mean over the images, (D,) (Kingma & Welling 2014, appendix B)."""
        return 0.5 * (self.mu**2 + np.exp(self.logvar) - 1 - self.logvar).mean(0)

    @property
    def kl_from_marginal(self) -> np.ndarray:
        """The same from a normal distribution with the mean and spread that each dimension of z has over the images, which bounds what
        it tells of an image whatever the prior is: (log Var[z] - E[log sigma^2]) / 2 in nats, (D,)."""
        return 0.5 * (np.log(self.mu.var(0) + np.exp(self.logvar).mean(0)) - self.logvar.mean(0))

    @property
    def active(self) -> np.ndarray:
        """Which dimensions carry information: bool (D,)."""
        return self.mu.var(0) > ACTIVE_VARIANCE

    def neighbours(self, indices: np.ndarray, n: int) -> np.ndarray:
        """The ``n`` nearest other images in latent space, nearest first: (M,) -> (M, at most n)."""
        from sklearn.neighbors import NearestNeighbors  # takes a second to import, and most pages do without

        nearest = NearestNeighbors(n_neighbors=min(n + 1, len(self)), algorithm="brute").fit(self.mu)
        found = nearest.kneighbors(self.mu[indices], return_distance=False)
        # Each point is its own neighbour, though not always the first: there may be others with the same code.
        return np.stack([row[row != index][:n] for index, row in zip(indices, _with(found, indices), strict=True)])

    def first(self, n: int, folder: Path) -> "Codes":
        """Those of the first ``n`` images, as they are kept in another folder."""
        cut = {name: getattr(self, name)[:n] for name in FORMS}
        return replace(self, folder=folder, labels=None if self.labels is None else self.labels[:n], **cut)

    def save(self) -> None:
        """Write them into their folder, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        own = {name: getattr(self, name) for name in FORMS}
        arrays.save(self.folder / FILE, self.labels, self.classes, **own)


def _with(found: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Neighbours in which each point itself is there exactly once: where it is missing, it replaces the farthest."""
    missing = ~(found == indices[:, None]).any(1)
    found[missing, -1] = indices[missing]
    return found


def load(folder: Path, config: Mapping[str, Any] | None = None) -> Codes | None:
    """The codes that were saved in ``folder``, or None when there are none, damaged ones, or others than a run of ``config``
    has."""
    sizes = arrays.sizes_of(config) | {"D": config["latent_dim"]} if config else {}
    found = arrays.load(folder / FILE, FORMS, **sizes)
    if found is None:
        return None
    own, labels, classes = found
    return Codes(folder, labels=labels, classes=classes, **own)


def count(folder: Path) -> int:
    """How many codes were saved in ``folder``; 0 when ``load`` finds none."""
    found = arrays.load(folder / FILE, {"errors": FORMS["errors"]})
    return len(found[0]["errors"]) if found else 0


def folder_of(model: Path, step: int, split: str, n: int) -> Path:
    """Where the codes of the first ``n`` images of a split are kept: in a run's own folder, so that they travel with it.

    ``model``: the folder of a run or of a pretrained checkpoint; ``step``: of its weights. A pretrained folder may be read-only:
    what it has, maps and perhaps their codes, is copied to the cache, where more can be added.
    """
    own = model / "latents" / f"step-{step:08d}-{split}-{n}"
    if (model / "checkpoints").is_dir():
        return own
    stamp = max((file.stat().st_mtime_ns for file in model.glob("*.safetensors")), default=0)
    cached = home() / "cache" / "latents" / f"{model.name}-{stamp:x}" / own.name
    try:
        for file in (*own.glob(f"*/{MAP}"), *own.glob(FILE)):
            copy = cached / file.relative_to(own)
            if not copy.exists():
                copy.parent.mkdir(parents=True, exist_ok=True)
                with replacing(copy) as temporary:
                    shutil.copyfile(file, temporary)
    except OSError:  # a full disk: they can be looked at where they are
        return own
    return cached
