"""The codes of the same test images at moments of a VAE's training, which its run keeps for the map through training. Free of torch.

One small file a moment: what is cut off loses none of the others, and a step that is trained again writes its own file again.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from genmodels.storage import arrays
from genmodels.storage.arrays import Form
from genmodels.storage.files import replacing

FOLDER = "codes"  # in that of a run or a pretrained model
FILE = re.compile(r"mu-(\d{8,15})\.npy")  # of a step
IMAGES = 1000  # the first test images, all of them where there are fewer
MOST_MOMENTS, MOST_BYTES = 200, 2**24  # of a run, beside the first and the last
FORM = Form(np.float16, "ND")  # whose three digits are finer than a screen; a file of 16 latents takes 32 KB


def most_moments(latent_dim: int) -> int:
    """So many moments are kept of codes with ``latent_dim`` dimensions, at most, between the first and the last."""
    return min(MOST_MOMENTS, MOST_BYTES // (IMAGES * latent_dim * FORM.dtype().itemsize))


def is_history(sizes: Mapping[str, int]) -> bool:
    """Whether a run may have kept files of these names and sizes in bytes, at whatever dimensions of its codes."""
    fits = len(sizes) <= MOST_MOMENTS + 2 and sum(sizes.values()) <= 2 * MOST_BYTES
    return fits and all(FILE.fullmatch(name) for name in sizes)


def save(folder: Path, step: int, mu: np.ndarray) -> None:
    """Write the means (N, D) of q(z|x) at a step into the folder of a run, whole or not at all."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    with replacing(folder / FOLDER / f"mu-{step:08d}.npy") as temporary, temporary.open("wb") as file:
        np.save(file, mu.astype(FORM.dtype), allow_pickle=False)


def files(folder: Path) -> dict[int, Path]:
    """The file of each step at which the run in ``folder`` has kept codes, the first step first."""
    named = ((FILE.fullmatch(path.name), path) for path in (folder / FOLDER).glob("*"))
    return dict(sorted((int(found[1]), path) for found, path in named if found))


def load(file: Path, n: int, latent_dim: int) -> np.ndarray | None:
    """The codes (n, latent_dim) in one of the ``files``; None where it has anything else, as a stranger's may, or is gone."""
    return arrays.load_one(file, FORM, N=n, D=latent_dim)


def drop_after(folder: Path, step: int) -> None:
    """Remove what comes after a step: the run has been cut off there, and is trained on from it."""
    for later, file in files(folder).items():
        if later > step:
            file.unlink(missing_ok=True)
